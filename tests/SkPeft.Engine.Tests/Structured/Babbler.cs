using System.Buffers;
using System.Text;
using System.Text.Json;
using SkPeft.Engine.Sampling;
using SkPeft.Engine.Structured;
using SkPeft.Engine.Structured.Grammars;
using SkPeft.Engine.Tests.Tokenization;
using SkPeft.Engine.Tokenization;
using SkPeft.Tensors.Formats;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Structured;

/// <summary>A model that says anything: random logits, with a liking for what closes, so that its texts end.</summary>
internal sealed class Babbler(ITokenizer tokenizer)
{
    private static readonly float[] s_noise = [.. Noise(new Random(41)).Take(200_000)];

    private static readonly Lazy<Babbler> s_tiny = new(() =>
    {
        using GgufFile file = GgufFile.Open(Path.Combine(SharedFolder.RepositoryRoot, "models", "skpeft-tiny", "skpeft-tiny.gguf"));
        return new Babbler(TokenizerLoader.FromGguf(file));
    });

    /// <summary>The shipped model's vocabulary: 4096 byte-level tokens.</summary>
    public static Babbler Tiny => s_tiny.Value;

    /// <summary>Bytes and a few merges.</summary>
    public static Babbler Bytes { get; } = new(SmallTokenizers.Open(SmallTokenizers.ByteLevel()));

    /// <summary>SentencePiece with byte tokens: characters beyond ASCII take several.</summary>
    public static Babbler Pieces { get; } = new(SmallTokenizers.Open(SmallTokenizers.SentencePiece()));

    public ITokenizer Tokenizer => tokenizer;

    public static IReadOnlySet<int> EndsOf(ITokenizer tokenizer) => tokenizer.EndOfGenerationIds.Count > 0
        ? tokenizer.EndOfGenerationIds
        : new HashSet<int> { tokenizer.IdOf("</s>")!.Value };

    public TokenGrammar Compile(string schema) => Compile(new JsonPart(JsonElement.Parse(schema), "schema"));

    public TokenGrammar Compile(OutputPart part) => TokenGrammar.Compile(part, tokenizer);

    /// <summary>Draws an answer.</summary>
    /// <param name="grammar">What it is held to.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="most">Most tokens.</param>
    /// <param name="closing">How much it wants to come to an end.</param>
    /// <param name="likes">Characters that it wants above all.</param>
    /// <returns>Its text, and whether it ended by itself within the limit.</returns>
    public (string Text, bool Ended) Say(TokenGrammar grammar, int seed, int most = 600, float closing = 4, string likes = "")
    {
        IReadOnlySet<int> ends = EndsOf(tokenizer);
        TokenConstraint constraint = grammar.Open(ends);
        Sampler sampler = new(new SamplingOptions { Temperature = 1.5f, Seed = seed }, [], tokenizer.VocabularySize, constraint);
        Random random = new(seed);
        float[] logits = new float[tokenizer.VocabularySize + 5];
        List<int> ids = [];
        while (ids.Count < most)
        {
            s_noise.AsSpan(random.Next(s_noise.Length - logits.Length), logits.Length).CopyTo(logits);

            // The longer the text, the stronger the wish to close.
            foreach (string close in (string[])["\"", "}", "]", "\"}", "\"]"])
            {
                if (tokenizer.IdOf(close) is { } id)
                {
                    logits[id] += closing + (ids.Count / 20f);
                }
            }

            foreach (char liked in likes)
            {
                logits[tokenizer.Encode(liked.ToString())[^1]] += 100;
            }

            foreach (int end in ends)
            {
                logits[end] += closing;
            }

            int token = sampler.Next(logits).Id;
            if (ends.Contains(token))
            {
                return (Strictly(ids), true);
            }

            ids.Add(token);
        }

        return (tokenizer.Decode([.. ids]), false);
    }

    // No half character, and no special token: those have no bytes here.
    private string Strictly(List<int> ids)
    {
        ArrayBufferWriter<byte> bytes = new();
        foreach (int id in ids)
        {
            tokenizer.IsSpecial(id).ShouldBeFalse();
            tokenizer.AppendBytes(id, bytes);
        }

        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.WrittenSpan);
    }

    private static IEnumerable<float> Noise(Random random)
    {
        while (true)
        {
            yield return 4 * random.NextSingle();
        }
    }

    /// <summary>Whether a text is accepted as a whole, byte token by byte token and by the tokenizer's own tokens.</summary>
    public bool Accepts(TokenGrammar grammar, string text)
    {
        IReadOnlySet<int> ends = EndsOf(tokenizer);
        TokenConstraint constraint = grammar.Open(ends);
        foreach (int id in tokenizer.Encode(text))
        {
            if (!constraint.Allowed().Contains(id))
            {
                return false;
            }

            constraint.Accept(id);
        }

        return ends.All(constraint.Allowed().Contains);
    }
}
