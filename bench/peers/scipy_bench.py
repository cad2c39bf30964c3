"""Times of NumPy, SciPy and Pillow for bench/features.bench.ts, as JSON: scipy_bench.py QUICK(0|1).

All frames at once, in float32, one thread; started with Debian's own python3 (packages python3-scipy and python3-pil).
"""

import json
import os
import statistics
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np
import PIL
import scipy
import scipy.fft
import scipy.signal
from PIL import Image

QUICK = sys.argv[1] == "1"
SECONDS, LEAST = (0.1, 3) if QUICK else (0.8, 10)
random = np.random.default_rng(1)
rows = {}


def measure(name, run):
    for _ in range(2):
        run()
    seconds = []
    end = time.perf_counter() + SECONDS
    while len(seconds) < LEAST or time.perf_counter() < end:
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    rows[name] = {"min": min(seconds), "median": statistics.median(seconds)}


def mel_banks(bands, bins, rate):
    mel = lambda f: 1127 * np.log(1 + f / 700)
    corners = np.linspace(mel(20), mel(rate / 2), bands + 2)
    at = mel(np.arange(bins) * rate / (2 * bins - 2))
    left, centre, right = (corners[i : i + bands, None] for i in range(3))
    return np.maximum(0, np.minimum((at - left) / (centre - left), (right - at) / (right - centre)))


waveform = (random.random(160_000) * 2 - 1).astype(np.float32)
banks = mel_banks(128, 257, 16000).T.astype(np.float32)
window = np.hanning(400).astype(np.float32)


def filterbank():
    frames = np.lib.stride_tricks.sliding_window_view(waveform, 400)[::160]
    frames = frames - frames.mean(1, keepdims=True)
    frames[:, 1:] -= 0.97 * frames[:, :-1].copy()
    frames[:, 0] *= 0.03
    spectrum = scipy.fft.rfft(frames * window, 512)
    power = spectrum.real**2 + spectrum.imag**2
    return np.log(np.maximum(power @ banks, np.float32(2**-23)))


def spectrogram():
    window = scipy.signal.get_window("hann", 256).astype(np.float32)
    padded = np.pad(waveform, 128, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, 256)[::128]
    return np.log(np.abs(scipy.fft.rfft(frames * window)) + np.float32(1e-7))


measure("log filterbank, 10 s at 16 kHz, 128 bands", filterbank)
measure("log spectrogram, 10 s at 16 kHz, 256 by 128", spectrogram)
long = (random.random(441_000) * 2 - 1).astype(np.float32)
measure("resample, 10 s from 44.1 to 16 kHz", lambda: scipy.signal.resample_poly(long, 160, 441))

for channels, mode in ((3, "RGB"), (1, "L"), (4, "RGBA")):
    pixels = random.integers(0, 256, (512, 512, channels), dtype=np.uint8)
    image = Image.fromarray(pixels if channels > 1 else pixels[:, :, 0], mode)
    for name in ("bilinear", "bicubic"):
        method = Image.Resampling[name.upper()]
        measure(f"resize 512x512x{channels} to 224x224 {name}", lambda: image.resize((224, 224), method))

version = f"NumPy {np.__version__}, SciPy {scipy.__version__}, Pillow {PIL.__version__}"
print(json.dumps({"version": version, "rows": rows}))
