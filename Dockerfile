# Two images from one file: `caseward` for migrate, beats and http workers, `browser` with a Chromium and Chinese fonts.
# Python packages are pinned by constraints.txt; pin Debian as well with BASE=debian@sha256:...
ARG BASE=debian:trixie-slim

FROM ${BASE} AS built
RUN apt-get update \
 && apt-get install --yes --no-install-recommends python3 python3-venv \
 && rm -rf /var/lib/apt/lists/*
RUN python3 -m venv /opt/caseward
WORKDIR /src
# what the code stands on first: a changed line of code installs none of it anew
COPY pyproject.toml constraints.txt ./
RUN python3 -c 'import tomllib; p = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
      extras = ("browser", "papers", "phones", "postgres", "sandbox", "tables"); \
      lines = [line for extra in extras for line in p["optional-dependencies"][extra]]; \
      print(*p["dependencies"], *(line for line in lines if not line.startswith("caseward[")), sep="\n")' > wanted.txt \
 && /opt/caseward/bin/pip install --no-cache-dir --constraint constraints.txt --requirement wanted.txt
COPY . .
RUN /opt/caseward/bin/pip install --no-cache-dir --no-deps . \
 && /opt/caseward/bin/pip check \
 && install -D --mode=0644 deploy/alive.py /opt/caseward/deploy/alive.py

FROM ${BASE} AS caseward
RUN apt-get update \
 && apt-get install --yes --no-install-recommends python3 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --user-group --home-dir /tmp --no-create-home --shell /usr/sbin/nologin caseward \
 && install -d --owner=caseward --group=caseward --mode=0700 /var/lib/caseward
COPY --from=built /opt/caseward /opt/caseward
ENV PATH=/opt/caseward/bin:/usr/local/bin:/usr/bin:/bin \
    LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    CASEWARD_DATA_DIR=/var/lib/caseward
# not the data folder: Celery imports from where it stands, and nothing imported may be writable
WORKDIR /opt/caseward
USER caseward
CMD ["caseward", "--help"]

FROM caseward AS browser
USER root
RUN apt-get update \
 && apt-get install --yes --no-install-recommends chromium-headless-shell fonts-noto-cjk libatomic1 \
 && rm -rf /var/lib/apt/lists/*
USER caseward
ENV CASEWARD_CHROMIUM=/usr/bin/chromium-headless-shell
