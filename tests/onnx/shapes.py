"""Operators that move elements."""
import numpy

from elementwise import op, transposed
from graph import Absent, number


@op("Transpose")
def transpose(g, a, values, node):
    return [transposed(g, values[0], list(a.get("perm", range(len(values[0].shape))[::-1])))]


@op("Reshape")
def reshape(g, a, values, node):
    v, given = values[0], values[1].data
    return [g.reshape(v, [v.shape[k] if e == 0 and not a.get("allowzero") else e for k, e in enumerate(given)])]


@op("Flatten")
def flatten(g, a, values, node):
    v = values[0]
    axis = a.get("axis", 1)
    axis = axis + len(v.shape) if axis < 0 else axis
    return [g.reshape(v, [int(numpy.prod(v.shape[:axis])), int(numpy.prod(v.shape[axis:]))])]


@op("Squeeze")
def squeeze(g, a, values, node):
    v = values[0]
    axes = [int(k) % len(v.shape) for k in values[1].data] if len(values) > 1 else [k for k, e in enumerate(v.shape) if e == 1]
    return [g.reshape(v, [e for k, e in enumerate(v.shape) if k not in axes])]


@op("Unsqueeze")
def unsqueeze(g, a, values, node):
    v, shape = values[0], list(values[0].shape)
    axes = values[1].data if len(values) > 1 else a["axes"]
    rank = len(shape) + len(axes)
    for k in sorted(int(k) % rank for k in axes):
        shape.insert(k, 1)
    return [g.reshape(v, shape)]


@op("Expand")
def expand(g, a, values, node):
    v = values[0]
    return [g.equation(numpy.broadcast_shapes(v.shape, tuple(values[1].data)), lambda i: g.spread(v, i))]


@op("Tile")
def tile(g, a, values, node):
    v = values[0]
    return [g.equation([e * int(n) for e, n in zip(v.shape, values[1].data)], lambda i: g.at(v, [f"{k} % {e}" for k, e in zip(i, v.shape)]))]


@op("Concat")
def concat(g, a, values, node):
    """The prelude's, two after two."""
    axis, found = a["axis"] % len(values[0].shape), values[0]
    for v in values[1:]:
        shape = [x + y if k == axis else x for k, (x, y) in enumerate(zip(found.shape, v.shape))]
        g.real(found)
        other = g.real(v)
        found = g.layer(f"concat(axis = {axis})", found, shape)
        g.lines[-1] += ", " + other
    return [found]


@op("Split")
def split(g, a, values, node):
    v = values[0]
    axis = a.get("axis", 0) % len(v.shape)
    sizes = values[1].data if len(values) > 1 else [v.shape[axis] // len(node.output)] * len(node.output)
    if 0 in sizes:
        raise Absent("a tensor without elements")
    starts = numpy.cumsum([0, *sizes])
    return [g.equation([n if k == axis else e for k, e in enumerate(v.shape)],
                       lambda i, start=start: g.at(v, [f"{s} + {start}" if k == axis else s for k, s in enumerate(i)]))
            for start, n in zip(starts, map(int, sizes))]


@op("Slice")
def cut(g, a, values, node):
    v, given = values[0], [w.data for w in values[1:]]
    axes = [int(k) % len(v.shape) for k in given[2]] if len(given) > 2 else list(range(len(given[0])))
    steps = given[3] if len(given) > 3 else [1] * len(axes)
    ranges = [range(e) for e in v.shape]
    for axis, start, end, step in zip(axes, given[0], given[1], steps):
        ranges[axis] = range(v.shape[axis])[int(start):int(end):int(step)]
    if not all(map(len, ranges)):
        raise Absent("a tensor without elements")
    return [g.equation([len(r) for r in ranges], lambda i: g.at(v, [f"{r.start} + {r.step} * {k}" for r, k in zip(ranges, i)]))]


@op("Pad")
def padded(g, a, values, node):
    if a.get("mode", b"constant") != b"constant":
        raise Absent("a border that repeats elements: subscripts are affine")
    v, pads = values[0], values[1].data
    rank, fill = len(v.shape), number(values[2].data) if len(values) > 2 else "0"
    shape = [int(e + pads[k] + pads[k + rank]) for k, e in enumerate(v.shape)]
    return [g.equation(shape, lambda i: f"pad({g.at(v, [f'{s} - {pads[k]}' for k, s in enumerate(i)])}, {fill})")]


@op("DepthToSpace")
def depth_to_space(g, a, values, node):
    v, b = values[0], a["blocksize"]
    n, c, h, w = v.shape
    depth = c // (b * b)
    blocks = g.reshape(v, [n, b, b, depth, h, w] if a.get("mode", b"DCR") == b"DCR" else [n, depth, b, b, h, w])
    order = [0, 3, 4, 1, 5, 2] if a.get("mode", b"DCR") == b"DCR" else [0, 1, 4, 2, 5, 3]
    return [g.reshape(transposed(g, blocks, order), [n, depth, h * b, w * b])]


@op("SpaceToDepth")
def space_to_depth(g, a, values, node):
    v, b = values[0], a["blocksize"]
    n, c, h, w = v.shape
    blocks = g.reshape(v, [n, c, h // b, b, w // b, b])
    return [g.reshape(transposed(g, blocks, [0, 3, 5, 1, 2, 4]), [n, c * b * b, h // b, w // b])]


@op("Trilu")
def triangle(g, a, values, node):
    v, k = values[0], int(values[1].data) if len(values) > 1 else 0
    sign = ">=" if a.get("upper", 1) else "<="
    return [g.equation(v.shape, lambda i: f"if {i[-1]} - {i[-2]} {sign} {k} then {g.at(v, i)} else 0")]


@op("EyeLike")
def eye(g, a, values, node):
    return [g.equation(values[0].shape, lambda i: f"if {i[1]} - {i[0]} == {a.get('k', 0)} then 1 else 0 * {g.at(values[0], i)}")]


@op("OneHot")
def one_hot(g, a, values, node):
    ids, depth, (off, on) = values[0], int(values[1].data), values[2].data
    axis = a.get("axis", -1) % (len(ids.shape) + 1)
    ids.data = (ids.data % depth).astype(float)
    shape = [*ids.shape[:axis], depth, *ids.shape[axis:]]
    return [g.equation(shape, lambda i: f"if {g.at(ids, [*i[:axis], *i[axis + 1:]])} == {i[axis]} then {number(on)} else {number(off)}")]


# ---- subscripts that are read

@op("Gather")
def gather(g, a, values, node):
    v, ids = values
    axis = a.get("axis", 0) % len(v.shape)
    name, rank = g.index(ids, v.shape[axis]), len(ids.shape)
    shape = [*v.shape[:axis], *ids.shape, *v.shape[axis + 1:]]
    return [g.equation(shape, lambda i: g.at(v, [*i[:axis], f"{name}[{', '.join(i[axis:axis + rank]) or '0'}]", *i[axis + rank:]]))]


@op("GatherElements")
def gather_elements(g, a, values, node):
    v, ids = values
    axis = a.get("axis", 0) % len(v.shape)
    name = g.index(ids, v.shape[axis])
    return [g.equation(ids.shape, lambda i: g.at(v, [f"{name}[{', '.join(i)}]" if k == axis else s for k, s in enumerate(i)]))]


@op("GatherND")
def gather_nd(g, a, values, node):
    v, ids = values
    batch, depth, rank = a.get("batch_dims", 0), ids.shape[-1], len(ids.shape) - 1
    names = [g.index(type(ids)(ids.shape[:-1], data=ids.data[..., k]), v.shape[batch + k]) for k in range(depth)]
    shape = [*ids.shape[:-1], *v.shape[batch + depth:]]
    return [g.equation(shape, lambda i: g.at(v, [*i[:batch], *(f"{n}[{', '.join(i[:rank])}]" for n in names), *i[rank:]]))]
