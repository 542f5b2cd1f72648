using System.Text;
using SkPeft.Engine.Structured.Automata;
using SkPeft.Engine.Structured.Grammars;

namespace SkPeft.Engine.Structured;

/// <summary>Free text around given texts: any bytes, searched as Aho and Corasick do (CACM 18(6), 1975).</summary>
internal sealed class TextTerminals
{
    private readonly List<Dictionary<byte, int>> _edges = [[]];
    private readonly List<bool> _isMatch = [false];
    private readonly string _notFirst;

    private TextTerminals(IEnumerable<string> texts, string notFirst)
    {
        _notFirst = notFirst;
        foreach (byte[] text in texts.Select(Encoding.UTF8.GetBytes))
        {
            int node = 0;
            foreach (byte value in text)
            {
                if (!_edges[node].TryGetValue(value, out int next))
                {
                    next = _edges.Count;
                    _edges[node].Add(value, next);
                    _edges.Add([]);
                    _isMatch.Add(false);
                }

                node = next;
            }

            _isMatch[node] = true;
        }
    }

    /// <summary>Text in which none of these stands.</summary>
    public static Terminal Without(IReadOnlyList<string> texts, string notFirst, bool[] typeable) => new TextTerminals(texts, notFirst).Build(until: false, typeable);

    /// <summary>Text that ends with the first of these in it.</summary>
    public static Terminal Until(IReadOnlyList<string> texts, string notFirst, bool[] typeable) => new TextTerminals(texts, notFirst).Build(until: true, typeable);

    // The states are the trie's nodes, and in front of them one where only blanks have been written.
    private AutomatonTerminal Build(bool until, bool[] typeable)
    {
        int nodes = _edges.Count;
        short[] table = new short[(nodes + 1) * 256];
        int[,] go = Search();
        for (int state = 0; state <= nodes; state++)
        {
            for (int value = 0; value < 256; value++)
            {
                table[(state * 256) + value] = (short)Next(state, (byte)value);
            }
        }

        return new AutomatonTerminal(new ByteAutomaton(table, [.. Enumerable.Range(-1, nodes + 1).Select(node => until ? node >= 0 && _isMatch[node] : true)], typeable));

        int Next(int state, byte value)
        {
            bool isBlank = value is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';
            if (state == 0 && (isBlank || _notFirst.Contains((char)value, StringComparison.Ordinal)))
            {
                return isBlank && !_edges[0].ContainsKey(value) ? 0 : -1;
            }

            int from = Math.Max(0, state - 1);
            int node = go[from, value];
            return _isMatch[from] || (_isMatch[node] && !until) ? -1 : node + 1;
        }
    }

    // [node, byte] the longest end of what was read that begins one of the texts.
    private int[,] Search()
    {
        int[,] go = new int[_edges.Count, 256];
        int[] fallback = new int[_edges.Count];
        Queue<int> open = new([0]);
        while (open.TryDequeue(out int node))
        {
            for (int value = 0; value < 256; value++)
            {
                int shorter = node == 0 ? 0 : go[fallback[node], value];
                if (_edges[node].TryGetValue((byte)value, out int next))
                {
                    fallback[next] = shorter;
                    _isMatch[next] |= _isMatch[shorter];
                    go[node, value] = next;
                    open.Enqueue(next);
                }
                else
                {
                    go[node, value] = shorter;
                }
            }
        }

        return go;
    }
}
