"""Changed copies of LiteRT files."""

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema


def with_scaled_constants(litert: bytes, factor: float) -> bytes:
    """Return a network all of whose kernels and biases are multiplied by a factor."""
    model = schema.ModelT.InitFromPackedBuf(litert, 0)
    graph = model.subgraphs[0]
    for number in {t.buffer for t in graph.tensors if t.type == schema.TensorType.FLOAT32}:
        data = model.buffers[number].data
        if data is not None and len(data):
            values = np.frombuffer(np.asarray(data, np.uint8).tobytes(), np.float32)
            scaled = (values * np.float32(factor)).tobytes()
            model.buffers[number].data = np.frombuffer(scaled, np.uint8)
    builder = flatbuffers.Builder(len(litert) + 1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())
