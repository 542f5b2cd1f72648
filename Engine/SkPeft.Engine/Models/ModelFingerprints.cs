using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SkPeft.Engine.Models.Loading;
using SkPeft.Engine.Tokenization;
using SkPeft.Tensors.Formats;

namespace SkPeft.Engine.Models;

/// <summary>Fingerprints of a model's sizes, tokenizer and weights.</summary>
internal static class ModelFingerprints
{
    public static ModelFingerprint Of(IWeightSource source, ITokenizer? tokenizer) => new(ShapesOf(source.Config), tokenizer?.Fingerprint, WeightsOf(source));

    // Of what the numbers mean, not of where they are stored: a GGUF file and its Hugging Face folder agree here.
    private static string ShapesOf(LlamaConfig config)
    {
        ModelSizes s = config.Sizes;
        double[] frequencies = config.InverseFrequencies();
        string text = string.Join('|', s.Layers, s.HiddenSize, s.Heads, s.KeyValueHeads, s.HeadDim, s.IntermediateSize, s.VocabularySize, s.TiedEmbeddings,
            s.AttentionBias, s.MlpBias, ((float)config.RmsEpsilon).ToString("R", CultureInfo.InvariantCulture),
            string.Join(',', frequencies.Select(f => ((float)f).ToString("G6", CultureInfo.InvariantCulture))));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static string WeightsOf(IWeightSource source)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string name in new ModelShape(source.Config.Sizes).Modules.SelectMany(m => new[] { m.Name + ".weight", m.Name + ".bias" }))
        {
            if (source.Find(name) is not { } tensor)
            {
                continue;
            }

            hash.AppendData(Encoding.UTF8.GetBytes($"{name}|{tensor.Type}|{string.Join('x', tensor.Shape)}|"));
            Append(hash, tensor);
            tensor.ReleasePages();
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static unsafe void Append(IncrementalHash hash, StoredTensor tensor)
    {
        const long Piece = 1 << 24;
        for (long at = 0; at < tensor.ByteLength; at += Piece)
        {
            hash.AppendData(new ReadOnlySpan<byte>(tensor.Pointer + at, (int)Math.Min(Piece, tensor.ByteLength - at)));
        }
    }
}
