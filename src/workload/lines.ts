/** More than any event of an engine has. */
const LINE_LENGTH_MAX = 1 << 20;

/** The lines of a stream of UTF-8, empty ones left out. Throws where a line has no end. */
export async function* linesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LINE_LENGTH_MAX) throw new Error(`a line of more than ${LINE_LENGTH_MAX} characters came`);
    for (const line of lines) if (line.trim() !== '') yield line;
  }
}
