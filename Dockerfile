# Written with care, but never built by the project's own checks: there is no container engine in them.
# tests/portal/test_containers.py holds its rules and that it takes the steps of the set-up that is tested.
# The exact tag is pinned; a digest can be had only where a registry can be asked:
#   docker buildx imagetools inspect python:3.11.14-slim-bookworm
# With database, nginx and jobs: compose.yaml.

FROM python:3.11.14-slim-bookworm AS build
WORKDIR /app
COPY requirements.txt .
RUN python -m venv /app/.venv \
    && /app/.venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
# Static files get their hashed names and compressed copies once, here, and the code is compiled: whoever runs it may
# not write beside it. The installer is of no use afterwards.
RUN DEBUG=0 /app/.venv/bin/python manage.py collectstatic --no-input \
    && mkdir -p /app/var \
    && /app/.venv/bin/python -m compileall -q --invalidation-mode unchecked-hash accounts counseling directory offers ruemsa_portal \
    && /app/.venv/bin/pip uninstall --yes --quiet pip

FROM python:3.11.14-slim-bookworm
# pg_dump and pg_restore for copies; libraries only, no compiler. The base brings an installer that nobody needs.
RUN apt-get update -q \
    && apt-get install -q -y --no-install-recommends postgresql-client-15 \
    && rm -rf /var/lib/apt/lists/* \
    && pip uninstall --yes --quiet --root-user-action=ignore pip setuptools wheel \
    && useradd --system --uid 10001 --home-dir /app --no-create-home --shell /usr/sbin/nologin portal
WORKDIR /app
COPY --from=build --chown=root:root /app /app
RUN chown portal:portal /app/var
USER 10001
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PRODUCTION=1 BEHIND_PROXY=1 BIND=0.0.0.0:8000
EXPOSE 8000
VOLUME /app/var
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/health/live', headers={'Host': os.environ['ALLOWED_HOSTS'].split(',')[0]}), timeout=4)"]
CMD ["sh", "-c", "python manage.py check --deploy --fail-level WARNING && exec gunicorn -c ruemsa_portal/gunicorn_conf.py ruemsa_portal.wsgi"]
