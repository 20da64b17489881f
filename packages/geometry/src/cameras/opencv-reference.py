"""Writes opencv-reference.json: what OpenCV says of random cameras. Debian: python3-opencv.

Run beside this file: python3 opencv-reference.py
"""
import json
import random

import cv2
import numpy as np

random.seed(4)
cases = []


def uniform(*reach):
    return [random.uniform(-r, r) for r in reach]


def case(model, coefficients, spread):
    k = np.array([[random.uniform(300, 1500), 0, random.uniform(300, 900)], [0, random.uniform(300, 1500), random.uniform(200, 500)], [0, 0, 1]])
    points = np.array([[random.uniform(-spread, spread), random.uniform(-spread, spread), 1] for _ in range(12)])
    points *= np.random.default_rng(len(cases)).uniform(1, 40, (12, 1))
    d = np.array(coefficients)
    zero = np.zeros(3)
    if model == 'fisheye':
        pixels, _ = cv2.fisheye.projectPoints(points.reshape(-1, 1, 3), zero, zero, k, d)
    else:
        pixels, _ = cv2.projectPoints(points, zero, zero, k, d)
    cases.append({'model': model, 'coefficients': coefficients, 'intrinsics': k.ravel().tolist(),
                  'points': points.ravel().tolist(), 'pixels': pixels.ravel().tolist()})


for _ in range(5):
    case('radial-tangential', uniform(0.3, 0.1, 0.002, 0.002), 0.6)
    case('radial-tangential', uniform(0.3, 0.1, 0.002, 0.002, 0.02), 0.6)
    case('radial-tangential', uniform(0.3, 0.1, 0.002, 0.002, 0.02, 0.2, 0.05, 0.02), 0.6)
    case('radial-tangential', uniform(0.3, 0.1, 0.002, 0.002, 0.02, 0.2, 0.05, 0.02, 0.002, 0.001, 0.002, 0.001), 0.6)
    case('fisheye', uniform(0.05, 0.02, 0.005, 0.002), 3)

with open('opencv-reference.json', 'w') as out:
    json.dump({'opencv': cv2.__version__, 'cases': cases}, out)
    out.write('\n')
