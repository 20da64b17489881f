"""The PyTorch side of the benchmarks: answers one JSON request per line on stdin with one JSON line on stdout.

  {"do": "array", "name": N, "file": F, "dtype": "float32"|"int32"|"uint8", "shape": [...]}   loads a raw array
  {"do": "forget", "names": [...]}
  {"do": "prepare", "case": "module.function", "id": I, "arguments": {...}}   builds a callable from loaded arrays
  {"do": "time", "id": I}        -> {"ms": one run}
  {"do": "result", "id": I}      -> {"values": first values of one run's result, "sum": ..., "size": ...}
  {"do": "memory"}               -> {"peak": highest resident size so far, bytes}
  {"do": "bench", "id": I, "batch": B}  -> {"ms": of one run, in a batch that ends when the device has done it}
  {"do": "tf32", "on": true|false}      whether products may round their factors to TF32

Arguments: threads, and the device (default cpu) that everything lies and runs on. The first line out says what there is:
{"torch": version, "threads": N, "device": name, "libraries": [sparse convolution libraries that can be imported]}.
"""

import importlib
import json
import resource
import sys
import time

import numpy as np
import torch

arrays = {}
cases = {}
device = sys.argv[2] if len(sys.argv) > 2 else "cpu"


def synchronize():
    if device != "cpu":
        torch.cuda.synchronize()


def load(request):
    values = np.fromfile(request["file"], dtype=request["dtype"]).reshape(request["shape"])
    arrays[request["name"]] = torch.from_numpy(values).to(device)
    return {}


def prepare(request):
    module, function = request["case"].split(".")
    build = getattr(importlib.import_module(module), function)
    cases[request["id"]] = build(arrays, **request["arguments"])
    return {}


def timed(request):
    return bench({"id": request["id"], "batch": 1})


def bench(request):
    run, batch = cases[request["id"]], request["batch"]
    synchronize()
    start = time.perf_counter()
    for _ in range(batch):
        run()
    synchronize()
    return {"ms": (time.perf_counter() - start) * 1e3 / batch}


def tf32(request):
    torch.set_float32_matmul_precision("high" if request["on"] else "highest")
    return {}


def result(request):
    values = cases[request["id"]]()
    values = torch.as_tensor(values).detach().reshape(-1).cpu().double()
    return {"values": values[:4096].tolist(), "sum": values.sum().item(), "size": values.numel()}


def forget(request):
    for name in request["names"]:
        arrays.pop(name, None)
        cases.pop(name, None)
    return {}


def memory(_):
    return {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}


handlers = {
    "array": load,
    "prepare": prepare,
    "time": timed,
    "result": result,
    "forget": forget,
    "memory": memory,
    "bench": bench,
    "tf32": tf32,
}


def libraries():
    """Sparse convolution libraries: they compute on CUDA alone."""
    found = []
    for name in ["spconv.pytorch", "torchsparse"] if device != "cpu" else []:
        try:
            importlib.import_module(name)
            found.append(name.split(".")[0])
        except Exception:  # Some fail with more than ImportError where CUDA versions differ.
            pass
    return found


def main():
    torch.set_num_threads(int(sys.argv[1]))
    name = "cpu"
    if device != "cpu":
        name = torch.cuda.get_device_name()
        # What cases make themselves lies on the device, too.
        torch.set_default_device(device)
        tf32({"on": False})
    hello = {"torch": torch.__version__, "threads": torch.get_num_threads(), "device": name}
    print(json.dumps({**hello, "libraries": libraries()}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = handlers[request["do"]](request)
        except Exception as error:  # The other side decides what a failure means.
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main()
