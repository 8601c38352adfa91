# Written with care, but never built by the project's own checks: there is no container engine in them.
# docker build -t portal . && docker run --env-file portal.env -p 127.0.0.1:8000:8000 -v portal:/app/var portal

FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY requirements.txt .
RUN python -m venv /app/.venv \
    && /app/.venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
# Static files get their hashed names and compressed copies once, here; the key signs nothing.
RUN DEBUG=0 /app/.venv/bin/python manage.py collectstatic --no-input \
    && mkdir -p /app/var

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /app portal
WORKDIR /app
COPY --from=build --chown=root:root /app /app
RUN chown portal:portal /app/var
USER portal
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PRODUCTION=1 BEHIND_PROXY=1 BIND=0.0.0.0:8000
EXPOSE 8000
VOLUME /app/var
HEALTHCHECK --interval=30s --timeout=5s CMD python -c "import os, urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/health/ready', headers={'Host': os.environ['ALLOWED_HOSTS'].split(',')[0]}), timeout=4)"
CMD ["gunicorn", "-c", "ruemsa_portal/gunicorn_conf.py", "ruemsa_portal.wsgi"]
