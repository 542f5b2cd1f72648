using System.Buffers;
using System.Runtime.CompilerServices;
using SkPeft.Engine.Tokenization;

namespace SkPeft.Engine.Structured.Vocabulary;

/// <summary>
/// The bytes of every token that may stand in a text, as a tree in preorder: a walk that skips what cannot follow sees each beginning once.
/// Special tokens and ends of generation are not in it.
/// </summary>
/// <remarks>Immutable; one a tokenizer (<see cref="Of"/>).</remarks>
internal sealed class VocabularyTrie
{
    private static readonly ConditionalWeakTable<ITokenizer, VocabularyTrie> s_tries = [];

    private readonly List<byte> _bytes = [0];
    private readonly List<ushort> _depths = [0];
    private readonly List<int> _starts = [0];
    private readonly List<int> _tokens = [];

    private VocabularyTrie(ITokenizer tokenizer)
    {
        Tokenizer = tokenizer;
        (byte[] Bytes, int Id)[] entries = Entries(tokenizer);
        Array.Sort(entries, (a, b) => a.Bytes.AsSpan().SequenceCompareTo(b.Bytes) is var order and not 0 ? order : a.Id.CompareTo(b.Id));
        byte[] last = [];
        foreach ((byte[] bytes, int id) in entries)
        {
            Add(bytes, last);
            _tokens.Add(id);
            last = bytes;
            Longest = Math.Max(Longest, bytes.Length);
            if (bytes.Length == 1)
            {
                Typeable[bytes[0]] = true;
            }
        }

        _starts.Add(_tokens.Count);
        (Bytes, Depths, Starts, Tokens) = ([.. _bytes], [.. _depths], [.. _starts], [.. _tokens]);
        Ends = FindEnds(Depths);
    }

    public ITokenizer Tokenizer { get; }

    /// <summary>[nodes] the byte that leads to a node; node 0 is the root.</summary>
    public byte[] Bytes { get; }

    /// <summary>[nodes] how many bytes lead to a node.</summary>
    public ushort[] Depths { get; }

    /// <summary>[nodes] the first node that is not below.</summary>
    public int[] Ends { get; }

    /// <summary>[nodes + 1] where the tokens of a node begin in <see cref="Tokens"/>; those of all that is below it follow.</summary>
    public int[] Starts { get; }

    /// <summary>The tokens in the order of their bytes.</summary>
    public int[] Tokens { get; }

    /// <summary>Bytes of the longest token.</summary>
    public int Longest { get; }

    /// <summary>[256] the bytes that are tokens by themselves: with these any text of them can be finished.</summary>
    public bool[] Typeable { get; } = new bool[256];

    public int Vocabulary => Tokenizer.VocabularySize;

    /// <summary>The trie of a tokenizer; made once.</summary>
    public static VocabularyTrie Of(ITokenizer tokenizer) => s_tries.GetValue(tokenizer, t => new VocabularyTrie(t));

    /// <summary>Whether a token may stand in a text.</summary>
    public static bool IsText(ITokenizer tokenizer, int id) => !tokenizer.IsSpecial(id) && !tokenizer.EndOfGenerationIds.Contains(id);

    private static (byte[] Bytes, int Id)[] Entries(ITokenizer tokenizer)
    {
        List<(byte[], int)> entries = [];
        ArrayBufferWriter<byte> bytes = new();
        for (int id = 0; id < tokenizer.VocabularySize; id++)
        {
            bytes.ResetWrittenCount();
            tokenizer.AppendBytes(id, bytes);
            if (bytes.WrittenCount > 0 && IsText(tokenizer, id))
            {
                entries.Add((bytes.WrittenSpan.ToArray(), id));
            }
        }

        return [.. entries];
    }

    private void Add(byte[] bytes, byte[] last)
    {
        for (int depth = bytes.AsSpan().CommonPrefixLength(last); depth < bytes.Length; depth++)
        {
            _bytes.Add(bytes[depth]);
            _depths.Add(checked((ushort)(depth + 1)));
            _starts.Add(_tokens.Count);
        }
    }

    private static int[] FindEnds(ushort[] depths)
    {
        int[] ends = new int[depths.Length];
        Stack<int> open = [];
        for (int node = 0; node < depths.Length; node++)
        {
            while (open.TryPeek(out int above) && depths[above] >= depths[node])
            {
                ends[open.Pop()] = node;
            }

            open.Push(node);
        }

        while (open.TryPop(out int above))
        {
            ends[above] = depths.Length;
        }

        return ends;
    }
}
