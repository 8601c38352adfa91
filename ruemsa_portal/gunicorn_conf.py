"""gunicorn behind nginx: ``gunicorn -c ruemsa_portal/gunicorn_conf.py ruemsa_portal.wsgi``."""

import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
# One process a core; more of them cost memory and bring no speed.
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 4
# Without it kept-alive connections pile up on one worker.
reuse_port = True
timeout = 30
graceful_timeout = 30
# No second log with addresses and query strings.
accesslog = None
errorlog = "-"
forwarded_allow_ips = "127.0.0.1"
# HUP has to load new code.
preload_app = False
# No control socket in the home folder.
control_socket_disable = True
