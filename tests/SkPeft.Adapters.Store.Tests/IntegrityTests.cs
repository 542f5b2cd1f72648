namespace SkPeft.Adapters.Store.Tests;

public sealed class IntegrityTests : StoreTest
{
    private string Damage(string reference, string path)
    {
        string blob = BlobOf(reference, path);
        byte[] bytes = File.ReadAllBytes(blob);
        bytes[^1] ^= 1;
        File.Delete(blob);
        File.WriteAllBytes(blob, bytes);
        return blob;
    }

    private string BlobOf(string reference, string path)
    {
        string digest = Store.Show(reference).Files.Single(f => f.Path == path).Digest;
        return At("store", "blobs", digest[..2], digest);
    }

    [Theory]
    [InlineData("adapter_config.json")]
    [InlineData("adapter_model.safetensors")]
    public void OpenFiles_OneBitFlipped_IsRefused(string path)
    {
        Add("a", 1);
        using IAdapterHold hold = Store.Hold("a");
        AdapterFiles files = hold.OpenFiles();
        File.ReadAllText(files.ConfigPath).ShouldBe(SampleAdapter.Config);
        File.ReadAllBytes(files.WeightsPath).ShouldBe(SampleAdapter.Weights(1));
        (files.Name, files.Digest, files.Base).ShouldBe(("a@1", hold.Version.Digest, null));

        Damage("a", path);

        Should.Throw<AdapterIntegrityException>(() => hold.OpenFiles()).Message.ShouldContain(path);
        File.Delete(BlobOf("a", path));
        Should.Throw<AdapterIntegrityException>(() => hold.OpenFiles()).Message.ShouldContain("nothing (the file is missing)");
    }

    [Fact]
    public void Verify_ReportsExactlyWhatIsWrong()
    {
        Add("a", 1);
        Add("a", 2);
        Add("b", 1);
        Store.Verify().IsSound.ShouldBeTrue();
        string damaged = Damage("a@2", "adapter_model.safetensors");
        File.Delete(BlobOf("b", "adapter_model.safetensors"));

        StoreVerification result = Store.Verify();

        // b@1 and a@1 have the same weights, and all three the same configuration.
        result.IsSound.ShouldBeFalse();
        result.IndexProblems.ShouldBeEmpty();
        result.Versions.Select(v => v.Version.Reference).ShouldBe(["a@1", "a@2", "b@1"]);
        result.Versions.Select(v => v.Problems.Count).ShouldBe([1, 1, 1]);
        result.Versions[0].Problems[0].Found.ShouldContain("missing");
        FileProblem problem = result.Versions[1].Problems[0];
        (problem.Path, problem.Blob).ShouldBe(("adapter_model.safetensors", damaged));
        problem.Found.ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(damaged))));
        problem.Expected.ShouldBe(Path.GetFileName(damaged));
    }

    [Fact]
    public void Add_Again_HealsWhatIsDamaged()
    {
        Add("a", 1);
        Damage("a", "adapter_model.safetensors");
        File.Delete(BlobOf("a", "adapter_config.json"));

        Store.Add("a", Sample(1)).IsNew.ShouldBeFalse();

        Store.Verify().IsSound.ShouldBeTrue();
    }

    [Fact]
    public void Collect_TakesWhatNoVersionNeeds_AndOnlyThat()
    {
        Add("a", 1);
        Add("a", 2);
        Add("b", 1);
        Store.Promote("b@1", "prod");
        Store.Collect().Blobs.ShouldBe(0);
        File.WriteAllText(At("store", "blobs", "note.txt"), "not ours");
        File.WriteAllBytes(At("store", "staging", "left-by-the-dead"), new byte[100]);
        Store.Remove("a@1");
        Store.Remove("a@2");

        StoreCollection freed = Store.Collect();

        freed.Blobs.ShouldBe(1);
        freed.TemporaryFiles.ShouldBe(1);
        freed.Bytes.ShouldBeGreaterThanOrEqualTo(100 + SampleAdapter.Weights(2).Length);
        freed.Kept.ShouldBeEmpty();
        Blobs().Length.ShouldBe(3);
        Directory.GetFiles(At("store", "leases")).Length.ShouldBe(1);
        Store.Verify().IsSound.ShouldBeTrue();
        using IAdapterHold hold = Store.Hold("b");
        hold.OpenFiles();
    }

    [Fact]
    public void Remove_WhileHeld_IsRefused_AndCollectionTakesNothing()
    {
        Add("a", 1);
        Add("a", 2);
        using (IAdapterHold hold = Store.Hold("a@1"))
        using (Store.Hold("a@1"))
        {
            Should.Throw<StoreException>(() => Store.Remove("a@1")).Message.ShouldContain("in use");
            Store.Remove("a@2");
            Store.Collect().Blobs.ShouldBe(1);
            hold.OpenFiles();
        }

        Store.Remove("a@1");
        Should.Throw<AdapterNotFoundException>(() => Store.Hold("a@1"));
        Store.Collect().Blobs.ShouldBe(2);
        Blobs().ShouldBeEmpty();
    }

    [Fact]
    public void Hold_KeepsTheVersionItBeganWith()
    {
        Add("a", 1);
        Add("a", 2);
        Store.Promote("a@1", "prod");
        using IAdapterHold before = Store.Hold("a@prod");
        Store.Promote("a@2", "prod");
        using IAdapterHold after = Store.Hold("a@prod");
        (before.Version.Number, after.Version.Number).ShouldBe((1, 2));
        File.ReadAllBytes(before.OpenFiles().WeightsPath).ShouldBe(SampleAdapter.Weights(1));
    }

    [Fact]
    public void RecordBase_TheFirstOneWins()
    {
        AdapterVersion version = Add("a", 1);
        Store.RecordBase(version, SampleAdapter.Base("first")).ShouldBe(SampleAdapter.Base("first"));
        Store.RecordBase(version, SampleAdapter.Base("second")).ShouldBe(SampleAdapter.Base("first"));
        Store.Resolve("a").Base.ShouldBe(SampleAdapter.Base("first"));
        using IAdapterHold hold = Store.Hold("a");
        hold.OpenFiles().Base.ShouldBe(SampleAdapter.Base("first"));
    }
}
