"""Edits that wait for their release: what was public stays so until somebody releases the change.

``shapes``     what belongs to an item; registered in ``AppConfig.ready``
``snapshot``   an item as JSON and back
``merging``    two edits of one item
``changes``    propose, submit, send back, give up; who may release
``releasing``  release, restore, checks; the only place where a change reaches the public
``diffs``      what differs, field by field, with marks at words
"""
