"""Operators of ONNX that cannot be said in a .nn, and why."""

ROWS = {
    "the language has no inverse of sin, cos, tan": "Acos Asin Atan",
    "bits of whole numbers: a network has real numbers alone": "BitShift",
    "another draw from another generator": "Bernoulli RandomUniformLike",
    "tables that depend on no input; a constant": "BlackmanWindow HammingWindow HannWindow MelWeightMatrix Range Constant ConstantOfShape",
    "the shape of the result depends on the values": "Compress NonZero NonMaxSuppression Unique TopK",
    "rounding to 8 bits: a network has one kind of numbers": "ConvInteger MatMulInteger QLinearConv QLinearMatMul QuantizeLinear DequantizeLinear "
                                                             "DynamicQuantizeLinear",
    "an algorithm, no sum over indices": "Det",
    "complex numbers": "DFT STFT",
    "no number is to be told from no number": "IsNaN",
    "sampling between elements: subscripts are affine": "GridSample RoiAlign MaxUnpool",
    "control flow and sequences of tensors": "If Loop Scan SequenceInsert SequenceMap SequenceEmpty SequenceLength OptionalGetElement "
                                             "OptionalHasElement",
    "writing where an index says, in place of adding there": "Scatter ScatterElements ScatterND",
    "shapes as values: they are known when compiling": "Shape Size",
    "text": "StringNormalizer TfIdfVectorizer",
    "each sample has its own length": "ReverseSequence",
}
REASONS = {name: reason for reason, names in ROWS.items() for name in names.split()}
