# docker build -f deploy/container/pywb.Dockerfile -t news-archive-pywb deploy/container      pywb breaks libraries of ours: an image of its own
FROM debian:bookworm-slim
# Versions are those of the Debian release, with its security updates.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates python3 python3-venv \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --no-create-home --home-dir /tmp archive \
    && python3 -m venv /opt/pywb \
    && /opt/pywb/bin/pip install --no-cache-dir "pywb>=2.10,<3" "setuptools<81" "boto3>=1.40"
ENV PATH=/opt/pywb/bin:/usr/bin:/bin \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1
WORKDIR /archives
USER 10001:10001
EXPOSE 8080
ENTRYPOINT ["wayback"]
CMD ["--bind", "0.0.0.0", "--port", "8080"]
