using SkPeft.Tensors.Formats;
using SkPeft.Testing;

namespace SkPeft.Tensors.Tests.Formats;

public sealed class ShardedSafetensorsTests : IDisposable
{
    private const string Index = "model.safetensors.index.json";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private void Shard(string file, params string[] tensors) =>
        SafetensorsWriter.Write(_folder.PathOf(file), tensors.Select(name => SafetensorsEntry.Of(name, [1], new[] { name.Length * 1f })));

    private FileFormatException Refused(string index)
    {
        _folder.Write(Index, index);
        return Should.Throw<FileFormatException>(() => HfFolder.OpenWeights(_folder.Root));
    }

    [Fact]
    public void OpenWeights_TwoShards_AreOneModel()
    {
        Shard("one.safetensors", "a", "bb");
        Shard("two.safetensors", "ccc");
        _folder.Write(Index, """{"metadata":{"total_size":12},"weight_map":{"a":"one.safetensors","bb":"one.safetensors","ccc":"two.safetensors"}}""");

        ITensorFile model = HfFolder.OpenWeights(_folder.Root);

        model.Tensors.Keys.Order().ShouldBe(["a", "bb", "ccc"]);
        StoredTensor last = model.Tensors["ccc"];
        last.ToArray().ShouldBe([3f]);
        model.Dispose();
        Should.Throw<ObjectDisposedException>(() => last.ToArray());
    }

    [Theory]
    [InlineData("../one.safetensors")]
    [InlineData("sub/one.safetensors")]
    [InlineData("sub\\\\one.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("C:one.safetensors")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("a\\u0000b")]
    public void OpenWeights_ShardOutsideTheFolder_IsRefused(string shard)
    {
        Shard("one.safetensors", "a");

        FileFormatException error = Refused($$$"""{"weight_map":{"a":"{{{shard}}}"}}""");

        error.Field.ShouldBe("weight_map 'a'");
        error.Expected.ShouldContain("plain file name");
    }

    [Fact]
    public void OpenWeights_TensorInTwoShards_IsRefused()
    {
        Shard("one.safetensors", "a");
        Shard("two.safetensors", "a", "b");

        Refused("""{"weight_map":{"a":"one.safetensors","b":"two.safetensors"}}""").Field.ShouldBe("tensor 'a'");
    }

    [Fact]
    public void OpenWeights_TensorMissingOrElsewhere_IsRefused()
    {
        Shard("one.safetensors", "a");
        Shard("two.safetensors", "b");

        Refused("""{"weight_map":{"a":"one.safetensors","x":"one.safetensors"}}""").Found.ShouldBe("no such tensor in 'one.safetensors'");
        Refused("""{"weight_map":{"a":"two.safetensors","b":"one.safetensors"}}""").Found.ShouldContain("the tensor in 'one.safetensors'");
    }

    [Theory]
    [InlineData("[]", "content")]
    [InlineData("{", "content")]
    [InlineData("{}", "weight_map")]
    [InlineData("{\"weight_map\":{}}", "weight_map")]
    [InlineData("{\"weight_map\":[]}", "weight_map")]
    [InlineData("{\"weight_map\":{\"a\":1}}", "weight_map 'a'")]
    [InlineData("{\"weight_map\":{\"a\":\"one.safetensors\",\"a\":\"one.safetensors\"}}", "content")]
    [InlineData("{\"weight_map\":{\"\\ud800\":\"one.safetensors\"}}", "content")]
    public void OpenWeights_BadIndex_NamesTheField(string index, string field)
    {
        Shard("one.safetensors", "a");

        Refused(index).Field.ShouldBe(field);
    }

    [Fact]
    public void OpenWeights_MissingShardFolderOrWeights_SaysWhatIsMissing()
    {
        Should.Throw<FileAccessException>(() => HfFolder.OpenWeights(_folder.PathOf("none"))).Message.ShouldContain("no such folder");
        Should.Throw<FileAccessException>(() => HfFolder.OpenWeights(_folder.Root)).Message.ShouldContain("neither model.safetensors nor");
        _folder.Write(Index, """{"weight_map":{"a":"gone.safetensors"}}""");
        Should.Throw<FileAccessException>(() => HfFolder.OpenWeights(_folder.Root)).Message.ShouldContain("gone.safetensors: there is no such file");
    }
}
