# The studio's own processes; docker-compose.yml says which of them runs in which container.
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PATH=/srv/venv/bin:$PATH \
    STUDIO_VAR=/srv/var STUDIO_MEDIA=/srv/media STUDIO_SPOOL=/srv/spool

# The volumes take over these folders' owner when they are first mounted.
RUN useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin atelier \
    && mkdir -p /srv/var /srv/media /srv/spool \
    && chown atelier:atelier /srv/media /srv/spool

WORKDIR /srv/atelier
COPY requirements.lock .
RUN python -m venv /srv/venv \
    && pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock

COPY manage.py .
COPY templates templates
COPY static static
COPY studio studio
# The key is for this one command: none may be made here and end up in the image.
RUN STUDIO_SECRET_KEY=for-this-build-step-only python manage.py collectstatic --noinput --verbosity 0

USER atelier
EXPOSE 8000
CMD ["python", "-m", "uvicorn", "studio.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--timeout-graceful-shutdown", "3", "--no-access-log", "--no-server-header", "--log-level", "warning"]
