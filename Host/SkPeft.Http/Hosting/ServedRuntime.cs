using Microsoft.Extensions.AI;
using SkPeft.Connectors;
using SkPeft.Connectors.Answers;
using SkPeft.Connectors.Hosting;
using SkPeft.Connectors.Routing;
using SkPeft.Engine.Tokenization;
using SkPeft.Http.Answers;
using SkPeft.Http.Chat;
using SkPeft.Http.Models;
using SkPeft.Http.Stats;

namespace SkPeft.Http.Hosting;

/// <summary>The opened model and what the endpoints ask of it.</summary>
internal sealed class ServedRuntime(PeftRuntime runtime, DateTimeOffset opened)
{
    private const int FingerprintLetters = 12;

    public PeftRuntime Runtime { get; } = runtime;

    /// <summary>When it was opened.</summary>
    public DateTimeOffset Opened { get; } = opened;

    /// <summary>Routes every request.</summary>
    public PeftChatClient Client { get; } = runtime.CreateClient();

    public ModelNames Names { get; } = new(runtime);

    public ModuleMethods Methods { get; } = new(runtime.Store);

    public ITokenizer Tokenizer { get; } = runtime.Model.Tokenizer!;

    /// <summary>Bytes of the files that have the base's weights.</summary>
    public long WeightBytes { get; } = SizeOf(runtime.Model.Path);

    /// <summary>Of the base's weights; made while the model is opened, because it reads the whole file.</summary>
    public string Fingerprint { get; } = $"fp_{runtime.Model.Fingerprint.Weights[..FingerprintLetters]}";

    /// <summary>The header of an answer by this exact version (or <c>base</c>).</summary>
    public ReceiptHeader HeaderOf(string reference, string? skill) =>
        reference == SkillRouter.Base ? ReceiptHeader.Of(null, skill) : ReceiptHeader.Of(reference, VersionsOf(reference), skill);

    /// <summary>The versions that a reference names now, in order.</summary>
    /// <exception cref="AdapterNotFoundException">One of its names is nothing's.</exception>
    public IReadOnlyList<AdapterVersion> VersionsOf(string reference) => ComposedReference.Parse(reference).Resolve(Runtime.Store);

    /// <summary>The log-probabilities among an answer's properties; null where none were asked for.</summary>
    public ChatLogprobs? LogprobsOf(AdditionalPropertiesDictionary? properties)
    {
        if (properties?.TryGetValue(TokenProbability.PropertyName, out TokenProbability[]? tokens) != true)
        {
            return null;
        }

        // The token that ends an answer is not part of it.
        return new ChatLogprobs([.. tokens!.Where(t => !Tokenizer.EndOfGenerationIds.Contains(t.Id)).Select(t => TokenLogprob.Of(t, Tokenizer))], null);
    }

    private static long SizeOf(string path) => File.Exists(path) ? new FileInfo(path).Length
        : new DirectoryInfo(path).EnumerateFiles("*.safetensors").Sum(f => f.Length);
}
