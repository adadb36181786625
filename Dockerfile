# The studio and its interface for programs in a container.
#   docker build -t syncfusion .                             CPU
#   docker build --build-arg DEVICE=cuda -t syncfusion .     CUDA: torch brings it; run with --gpus all
#   docker run -p 7860:7860 -v sounds:/home/user -e SYNCFUSION_TOKEN=… syncfusion
ARG PYTHON=3.12
FROM python:${PYTHON}-slim

ARG DEVICE=cpu
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONUNBUFFERED=1
WORKDIR /build
COPY pyproject.toml README.md LICENSE ./
COPY src ./src
COPY cfg ./cfg
COPY exp ./exp
COPY checkpoints ./checkpoints
COPY data/sample ./data/sample
RUN case "$DEVICE" in \
      cpu) pip install torch==2.11.0 torchaudio==2.11.0 --index-url https://download.pytorch.org/whl/cpu ;; \
      cuda) pip install torch==2.11.0 torchaudio==2.11.0 ;; \
      *) echo "DEVICE is cpu or cuda, not $DEVICE" >&2; exit 2 ;; \
    esac \
    && pip install ".[studio]" \
    && rm -rf /build

RUN useradd --create-home user
USER user
WORKDIR /home/user
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:7860/health', timeout=4)"]
ENTRYPOINT ["syncfusion"]
CMD ["studio", "--host", "0.0.0.0", "--no-browser"]
