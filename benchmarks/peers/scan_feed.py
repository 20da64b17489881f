"""Loading, augmenting and voxelizing KITTI scans with numpy: the peer of @nerfseg/datasets' feed.

    python3 scan_feed.py SEQUENCE SCANS PROCESSES COUNT [--plain]

Reads the first SCANS scans of a sequence's folder in turn, COUNT in each of PROCESSES processes, and prints one line of
JSON: {"ms": per scan of one process, "voxels": ..., "labelled": ...} (the last two of the last scan). The results stay
in the processes, which is more than a fair deal: a feed has to hand them over. --plain leaves augmentation out.
"""

import json
import multiprocessing
import os
import sys
import time

import numpy as np

RAW = [0, 1, 10, 11, 13, 15, 16, 18, 20, 30, 31, 32, 40, 44, 48, 49, 50]
RAW += [51, 52, 60, 70, 71, 72, 80, 81, 99, 252, 253, 254, 255, 256, 257, 258, 259]
CLASS = [0, 0, 1, 2, 5, 3, 5, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]
CLASS += [14, 0, 9, 15, 16, 17, 18, 19, 0, 1, 7, 6, 8, 5, 5, 4, 5]
CLASSES = 20
learning_map = np.full(65536, 255, np.uint8)
learning_map[RAW] = CLASS

SHAPE = (480, 360, 32)
LOW = np.array([0, -np.pi, -4], np.float32)
HIGH = np.array([50, np.pi, 2], np.float32)
INTERVAL = (HIGH - LOW) / np.array(SHAPE, np.float32)
LAST = np.array(SHAPE, np.int32) - 1


def load(folder, scan):
    name = f"{scan:06d}"
    raw = np.fromfile(os.path.join(folder, "velodyne", name + ".bin"), np.float32).reshape(-1, 4)
    words = np.fromfile(os.path.join(folder, "labels", name + ".label"), np.uint32)
    return raw[:, :3].copy(), raw[:, 3:], learning_map[words & 0xFFFF]


def augment(xyz, random):
    angle = random.uniform(-np.pi / 4, np.pi / 4)
    cos, sin = np.cos(angle), np.sin(angle)
    xyz[:, :2] = xyz[:, :2] @ np.array([[cos, sin], [-sin, cos]], np.float32)
    flip = random.integers(4)
    if flip & 1:
        xyz[:, 0] = -xyz[:, 0]
    if flip & 2:
        xyz[:, 1] = -xyz[:, 1]
    xyz[:, :2] *= np.float32(random.uniform(0.95, 1.05))
    xyz += random.normal(0, 0.1, 3).astype(np.float32)


def voxelize(xyz, intensity, labels):
    rho = np.sqrt(xyz[:, 0] ** 2 + xyz[:, 1] ** 2)
    polar = np.stack((rho, np.arctan2(xyz[:, 1], xyz[:, 0]), xyz[:, 2]), 1)
    index = np.clip(((np.clip(polar, LOW, HIGH) - LOW) / INTERVAL).astype(np.int32), 0, LAST)
    centre = (index.astype(np.float32) + np.float32(0.5)) * INTERVAL + LOW
    features = np.concatenate((polar - centre, polar, xyz[:, :2], intensity), 1)
    linear = (index[:, 0] * SHAPE[1] + index[:, 1]) * SHAPE[2] + index[:, 2]
    cells, voxel_of_point = np.unique(linear, return_inverse=True)
    coords = np.stack((cells // (SHAPE[1] * SHAPE[2]), cells // SHAPE[2] % SHAPE[1], cells % SHAPE[2]), 1)
    votes = np.bincount(voxel_of_point * CLASSES + labels, minlength=len(cells) * CLASSES)
    votes = votes.reshape(-1, CLASSES)
    votes[:, 0] = 0
    return features, coords, voxel_of_point, votes.argmax(1).astype(np.uint8)


def work(folder, scans, count, plain, seed, done):
    random = np.random.default_rng(seed)
    warm = 5
    for i in range(warm + count):
        if i == warm:
            start = time.perf_counter()
        xyz, intensity, labels = load(folder, i % scans)
        if not plain:
            augment(xyz, random)
        features, coords, voxel_of_point, voxel_labels = voxelize(xyz, intensity, labels)
    ms = (time.perf_counter() - start) * 1e3 / count
    done.put({"ms": ms, "voxels": len(coords), "labelled": int((voxel_labels > 0).sum())})


def main():
    folder, scans, processes, count = sys.argv[1], *map(int, sys.argv[2:5])
    plain = "--plain" in sys.argv
    done = multiprocessing.Queue()
    each = [
        multiprocessing.Process(target=work, args=(folder, scans, count, plain, seed, done))
        for seed in range(processes)
    ]
    for process in each:
        process.start()
    results = [done.get() for _ in each]
    for process in each:
        process.join()
    print(json.dumps({**results[0], "ms": sum(r["ms"] for r in results) / processes}))


main()
