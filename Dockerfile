# Pin the base by its digest where you build: --build-arg BASE=python:3.11-slim@sha256:…
ARG BASE=python:3.11-slim

FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY requirements/build.txt requirements/full.txt requirements/
# Nothing is compiled and no package's own code runs while it is installed.
RUN python -m venv /opt/build \
 && /opt/build/bin/pip install --require-hashes --only-binary :all: -r requirements/build.txt \
 && python -m venv /opt/quizapp \
 && /opt/quizapp/bin/pip install --require-hashes --only-binary :all: -r requirements/full.txt
COPY . .
RUN /opt/build/bin/python -m hatchling build -t wheel -d /wheel \
 && /opt/quizapp/bin/pip install --no-index --no-deps /wheel/*.whl

FROM ${BASE}
RUN groupadd --system --gid 10001 quizapp \
 && useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin quizapp \
 && install -d -o 10001 -g 10001 -m 700 /data
COPY --from=build /opt/quizapp /opt/quizapp
COPY deploy/health.py /opt/quizapp/health.py
# Only /data is written to.
ENV PATH=/opt/quizapp/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    QUIZAPP_HOST=0.0.0.0 \
    QUIZAPP_INSTANCE=/data
WORKDIR /data
USER 10001:10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "/opt/quizapp/health.py"]
CMD ["quizapp", "serve"]
