# The program alone, without embedded servers: web, worker, beat, sender and commands are the same image.
FROM python:3.11-slim
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 STATIC_ROOT=/srv/static DATA_DIR=/var/lib/clinic
WORKDIR /srv/clinic
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY manage.py ./
COPY clinic clinic
COPY therapies therapies
COPY bookings bookings
COPY templates templates
COPY locale locale
COPY docs docs
# Values that let the settings be read; none of them stays in the image.
RUN MODE=local SITE_URL=http://localhost STATIC_MANIFEST=1 DATABASE_URL=postgres://localhost:1/none \
    REDIS_URL=redis://localhost:1/0 SECRET_KEY=only-for-collecting-static-files-xxxxxxxxxxxxxxxxxxxxxxxxx \
    python manage.py collectstatic --noinput \
 && useradd --system --uid 10001 clinic && mkdir -p /var/lib/clinic && chown clinic /var/lib/clinic
USER clinic
VOLUME /var/lib/clinic
CMD ["gunicorn", "clinic.wsgi", "--bind", "0.0.0.0:8000", "-k", "gthread", "-w", "4", "--threads", "4", \
     "--preload", "--no-control-socket", "--worker-tmp-dir", "/dev/shm"]
