/** Just enough of the ONNX format (a protobuf) to write small graphs of f32 tensors. */
const encoder = new TextEncoder();

function varint(value) {
  const bytes = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}

const integer = (field, value) => Uint8Array.from([...varint(field * 8), ...varint(value)]);

function bytes(field, content) {
  const body = typeof content === "string" ? encoder.encode(content) : content;
  return Buffer.concat([Uint8Array.from([...varint(field * 8 + 2), ...varint(body.length)]), body]);
}

const message = (...fields) => Buffer.concat(fields);
const [FLOAT, OPSET, IR] = [1, 20, 9];

function valueInfo(name, shape) {
  const dims = message(...shape.map((length) => bytes(1, integer(1, length))));
  const type = bytes(1, message(integer(1, FLOAT), bytes(2, dims)));
  return message(bytes(1, name), bytes(2, type));
}

/** Attributes are lists of whole numbers. */
function node({ op, inputs, output, ints = {}, int = {} }) {
  const attributes = [
    ...Object.entries(ints).map(([name, values]) =>
      message(bytes(1, name), ...values.map((v) => integer(8, v)), integer(20, 7)),
    ),
    ...Object.entries(int).map(([name, v]) =>
      message(bytes(1, name), integer(3, v), integer(20, 2)),
    ),
  ];
  return message(
    ...inputs.map((name) => bytes(1, name)),
    bytes(2, output),
    bytes(4, op),
    ...attributes.map((attribute) => bytes(5, attribute)),
  );
}

/** `inputs`, `outputs`: name -> shape; `constants`: name -> { shape, values } of f32, or of i64 if `values` is a BigInt64Array. */
export function onnxModel({ nodes, inputs, outputs, constants = {} }) {
  const graph = message(
    ...nodes.map((n) => bytes(1, node(n))),
    bytes(2, "graph"),
    ...Object.entries(constants).map(([name, { shape, values }]) =>
      bytes(
        5,
        message(
          ...shape.map((length) => integer(1, length)),
          integer(2, values instanceof BigInt64Array ? 7 : FLOAT),
          bytes(8, name),
          bytes(9, new Uint8Array(values.buffer)),
        ),
      ),
    ),
    ...Object.entries(inputs).map(([name, shape]) => bytes(11, valueInfo(name, shape))),
    ...Object.entries(outputs).map(([name, shape]) => bytes(12, valueInfo(name, shape))),
  );
  return message(
    integer(1, IR),
    bytes(7, graph),
    bytes(8, message(bytes(1, ""), integer(2, OPSET))),
  );
}
