using System.Security.Cryptography;
using System.Text;

namespace SkPeft.Adapters.Store.Tests;

public sealed class AddingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private AdapterStore Store => AdapterStore.Open(_folder.At("store"));

    [Fact]
    public void Add_NewContentEachTime_CountsVersionsFromOne()
    {
        AdapterStore store = Store;
        for (int seed = 1; seed <= 3; seed++)
        {
            AdapterAddition added = store.Add("sentiment", SampleAdapter.Write(_folder.At($"a{seed}"), seed));
            added.IsNew.ShouldBeTrue();
            added.Version.Reference.ShouldBe($"sentiment@{seed}");
            added.Version.PeftType.ShouldBe("LORA");
            added.Version.Bytes.ShouldBe(SampleAdapter.Config.Length + SampleAdapter.Weights(0).Length);
            added.Version.Base.ShouldBeNull();
        }

        store.Add("other", _folder.At("a2")).Version.Reference.ShouldBe("other@1");
        Store.List().Select(l => l.Version.Reference).ShouldBe(["other@1", "sentiment@1", "sentiment@2", "sentiment@3"]);
    }

    [Fact]
    public void Add_SameContentAgain_GivesTheVersionThatHasIt()
    {
        AdapterStore store = Store;
        AdapterVersion first = store.Add("a", SampleAdapter.Write(_folder.At("one"), 1)).Version;
        store.Add("a", SampleAdapter.Write(_folder.At("two"), 2));

        AdapterAddition again = store.Add("a", SampleAdapter.Write(_folder.At("copy"), 1));

        again.IsNew.ShouldBeFalse();
        again.Version.ShouldBe(first);
        store.Resolve("a@latest").Number.ShouldBe(2);
    }

    [Fact]
    public void Add_SameContentForAnotherBase_IsAVersionOfItsOwn()
    {
        AdapterStore store = Store;
        string folder = SampleAdapter.Write(_folder.At("one"), 1);
        store.Add("a", folder);

        AdapterAddition known = store.Add("a", folder, SampleAdapter.Base("w1"));
        known.IsNew.ShouldBeFalse();
        known.Version.ShouldBe(store.Resolve("a@1"));
        known.Version.Base.ShouldBe(SampleAdapter.Base("w1"));

        AdapterAddition other = store.Add("a", folder, SampleAdapter.Base("w2", tokenizer: null));
        other.IsNew.ShouldBeTrue();
        other.Version.Number.ShouldBe(2);
        store.Resolve("a@2").Base.ShouldBe(SampleAdapter.Base("w2", tokenizer: null));
        store.Resolve("a@1").Base.ShouldBe(SampleAdapter.Base("w1"));
        other.Version.Digest.ShouldBe(known.Version.Digest);
        store.Add("a", folder).Version.Number.ShouldBe(2);
    }

    [Fact]
    public void Add_Digest_IsWhatSha256SumSaysOfItsOwnList()
    {
        string folder = SampleAdapter.Write(_folder.At("one"), 7);
        string Line(string name) => $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, name))))}  {name}\n";
        string expected = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            Line("adapter_config.json") + Line("adapter_model.safetensors"))));

        Store.Add("a", folder).Version.Digest.ShouldBe(expected);
        AdapterFolder.Open(folder).Digest.ShouldBe(expected);
    }

    [Fact]
    public void Add_BlobsAreNamedByTheirContentAndReadOnly()
    {
        Store.Add("a", SampleAdapter.Write(_folder.At("one"), 7));
        Store.Add("b", SampleAdapter.Write(_folder.At("two"), 8));

        string[] blobs = Directory.GetFiles(_folder.At("store", "blobs"), "*", SearchOption.AllDirectories);
        blobs.Length.ShouldBe(3);
        foreach (string blob in blobs)
        {
            Path.GetFileName(blob).ShouldBe(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(blob))));
            Path.GetFileName(Path.GetDirectoryName(blob)).ShouldBe(Path.GetFileName(blob)[..2]);
            if (!OperatingSystem.IsWindows())
            {
                File.GetUnixFileMode(blob).ShouldBe(UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
            }
        }

        Directory.GetFiles(_folder.At("store", "staging")).ShouldBeEmpty();
    }

    [Fact]
    public void Read_NothingThere_CreatesNothing()
    {
        AdapterStore store = Store;
        store.List().ShouldBeEmpty();
        store.Verify().IsSound.ShouldBeTrue();
        store.Collect().Bytes.ShouldBe(0);
        Should.Throw<AdapterNotFoundException>(() => store.Show("a")).Message.ShouldContain("is empty");
        Should.Throw<AdapterNotFoundException>(() => store.Promote("a", "prod"));
        Should.Throw<FileFormatException>(() => store.Add("a", _folder.At("absent")));
        Directory.Exists(_folder.At("store")).ShouldBeFalse();
    }
}
