using FsCheck;
using FsCheck.Fluent;
using SkPeft.Tensors.Formats;
using SkPeft.Testing;

namespace SkPeft.Tensors.Tests.Formats;

/// <summary>Thousands of damaged files: each is read whole, or refused by one of our errors, with memory in proportion to its size.</summary>
public sealed class MutatedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Gguf_HandMade_NeverCrashes() => Check(FileMutations.Of(800, HandMadeGguf(2), HandMadeGguf(3)), 4000, ReadGguf);

    [Fact]
    public void Gguf_TheGoldenFile_NeverCrashes() =>
        Check(FileMutations.Of(900, File.ReadAllBytes(SharedFolder.PathOf("golden", "gguf", "types.gguf"))), 2000, ReadGguf);

    [Fact]
    public void Gguf_TheRealModelsMetadata_NeverCrashes()
    {
        // The head of the real file with its vocabulary: good metadata, then a table of tensors that all lie outside.
        using FileStream model = File.OpenRead(SharedFolder.PathOf("models", "smollm2-135m-instruct-q4_1.gguf"));
        byte[] head = new byte[200_000];
        model.ReadExactly(head);

        Check(FileMutations.Of(2000, head), 500, ReadGguf, someOpen: false);
    }

    [Fact]
    public void Safetensors_Bytes_NeverCrash() => Check(FileMutations.Of(400, HandMadeSafetensors()), 2000, ReadSafetensors);

    [Fact]
    public void Safetensors_AGoldenAdapter_NeverCrashes() =>
        Check(FileMutations.Of(1500, File.ReadAllBytes(SharedFolder.PathOf("golden", "tiny", "adapters", "plain", "lora-qv", "adapter_model.safetensors"))), 2000, ReadSafetensors);

    [Fact]
    public void Safetensors_Tokens_NeverCrash()
    {
        byte[] file = HandMadeSafetensors();
        int header = (int)BitConverter.ToUInt64(file);
        Gen<byte[]> files = JsonMutations.Of(System.Text.Encoding.UTF8.GetString(file.AsSpan(8, header)))
            .Select(json => SafetensorsBytes.Of(json, file[(8 + header)..]));

        Check(files, 2000, ReadSafetensors);
    }

    [Fact]
    public void Index_Tokens_NeverCrash()
    {
        SafetensorsWriter.Write(_folder.PathOf("one.safetensors"), [SafetensorsEntry.Of("a", [1], new[] { 1f }), SafetensorsEntry.Of("b", [1], new[] { 1f })]);
        SafetensorsWriter.Write(_folder.PathOf("two.safetensors"), [SafetensorsEntry.Of("c", [1], new[] { 1f })]);
        const string Index = """{"metadata":{"total_size":12},"weight_map":{"a":"one.safetensors","b":"one.safetensors","c":"two.safetensors"}}""";

        Check(JsonMutations.Of(Index), 1000, ReadIndex);
        Check(FileMutations.Of(Index.Length, System.Text.Encoding.UTF8.GetBytes(Index)), 1000, ReadIndex);
    }

    // Files that are all refused, or all accepted, would prove little: some of either are asked for.
    private void Check(Gen<byte[]> files, int tests, Action<string> read, bool someOpen = true)
    {
        (int opened, int refused) = (0, 0);
        FileMutations.Check(files, tests, bytes =>
        {
            string path = _folder.Write("mutated", bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(path);
                opened++;
            }
            catch (SkPeftException)
            {
                refused++;
            }

            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(500_000 + 40L * bytes.Length);
        });
        (opened + refused).ShouldBe(tests);
        refused.ShouldBeGreaterThan(tests / 20);
        opened.ShouldBeGreaterThan(someOpen ? 0 : -1);
    }

    private static void ReadGguf(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        foreach (GgufValue value in file.Metadata.Values)
        {
            _ = value.ToString();
            _ = value.ElementType switch
            {
                GgufValueType.String => value.AsStringArray().Length,
                GgufValueType.Int32 => value.AsInt64Array().Length,
                GgufValueType.Float32 => value.AsSingleArray().Length,
                _ => 0,
            };
        }

        ReadAll(file);
    }

    private static void ReadSafetensors(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        ReadAll(file);
    }

    private static void ReadIndex(string path)
    {
        using ShardedSafetensors file = ShardedSafetensors.Open(path);
        ReadAll(file);
    }

    private static void ReadAll(ITensorFile file)
    {
        foreach (StoredTensor tensor in file.Tensors.Values.Where(t => t.Type.IsReadableAsFloat()))
        {
            tensor.ToArray().Length.ShouldBe((int)tensor.ElementCount);
            tensor.ReleasePages();
        }
    }

    private static byte[] HandMadeGguf(uint version) => new GgufBuilder { Version = version }
        .Add("general.architecture", "llama").Add("general.alignment", 32u).Add("llama.block_count", 1u).Add("llama.rope.freq_base", 10000f)
        .Add("tokenizer.ggml.tokens", "<s>", "</s>", "Ġthe", "é").Add("tokenizer.ggml.token_type", 3, 3, 1, 1).Add("tokenizer.ggml.scores", 0f, -1f)
        .Add("tokenizer.ggml.add_bos_token", true)
        .Tensor("a", [2, 32], 8, new byte[68]).Tensor("b", [256], 12, new byte[144]).Tensor("c", [2, 3], [1f, 2, 3, 4, 5, 6])
        .Build();

    private static byte[] HandMadeSafetensors() => SafetensorsBytes.Of(
        """{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"b":{"dtype":"BF16","shape":[3],"data_offsets":[16,22]},"ids":{"dtype":"U8","shape":[2],"data_offsets":[22,24]}}""",
        new byte[24]);
}
