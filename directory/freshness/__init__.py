"""Nothing stale stays public unnoticed: who is asked when, what visitors see meanwhile, when a record is hidden.

``subjects``   what grows old: models with their groups of fields; registered in ``AppConfig.ready``
``dates``      the calendar of it, as plain functions
``state``      the rows that remember, and the two days derived from them
``asking``     who is asked today, and who is reminded
``links``      the secret in the mail
``mails``      what the mails say
``answers``    still right, changed, gone
``forms``      the small forms behind "changed"
``forecast``   what will be hidden when
"""
