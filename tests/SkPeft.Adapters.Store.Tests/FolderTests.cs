using System.Buffers.Binary;
using System.Text;

namespace SkPeft.Adapters.Store.Tests;

/// <summary>What may come in, and that it goes out again byte for byte.</summary>
public sealed class FolderTests : StoreTest
{
    private string Folder => At("in");

    private void Put(string path, ReadOnlySpan<byte> bytes)
    {
        string full = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, bytes);
    }

    private static Dictionary<string, byte[]> Tree(string folder) => Directory
        .GetFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
        .ToDictionary(f => Path.GetRelativePath(folder, f), File.ReadAllBytes);

    [Fact]
    public void Export_GivesTheFolderBackByteForByte()
    {
        SampleAdapter.Write(Folder, 1);
        Put("adapter_config.json", "{\r\n  \"peft_type\" : \"LORA\",\t\"r\":2}\n\n"u8);
        Put("README.md", "\uFEFF# Ünïcode\r\n"u8);
        Put("empty.txt", []);
        Put(".gitattributes", "* -text\n"u8);
        Put("training_args.bin", [0x80, 0x02, 0xFF, 0x00]);
        Put("checkpoint-5/adapter_config.json", "not json, and nobody minds"u8);
        Put("checkpoint-5/deep/er/a file with spaces & ümlaut.txt", "x"u8);

        AdapterAddition added = Store.Add("a", Folder);
        Store.Export("a@1", At("out")).ShouldBe(added.Version);

        Dictionary<string, byte[]> before = Tree(Folder), after = Tree(At("out"));
        after.Keys.Order().ShouldBe(before.Keys.Order());
        after.Keys.ShouldAllBe(path => after[path].SequenceEqual(before[path]));
        added.Version.Bytes.ShouldBe(before.Values.Sum(b => (long)b.Length));
        Store.Show("a").Files.Select(f => f.Path).ShouldBe(before.Keys.Order(StringComparer.Ordinal));
        Store.Add("a", At("out")).IsNew.ShouldBeFalse();
        File.AppendAllText(At("out", "README.md"), "exported files are the user's own: writable");
    }

    [Fact]
    public void Add_DownloadersOwnFolders_AreLeftOutAndSaidSo()
    {
        SampleAdapter.Write(Folder, 1);
        Put(".git/config", "x"u8);
        Put(".cache/huggingface/x.lock", "x"u8);
        Put("kept/.git/y", "y"u8);

        AdapterAddition added = Store.Add("a", Folder);
        added.LeftOut.Order().ShouldBe([".cache/", ".git/"]);
        Store.Show("a").Files.Select(f => f.Path).ShouldBe(["adapter_config.json", "adapter_model.safetensors", "kept/.git/y"]);
    }

    [Fact]
    public void Add_RealAdapters_ComeBackByteForByte()
    {
        string root = SkPeft.Testing.SharedFolder.PathOf("golden", "tiny", "adapters", "mha");
        foreach (string folder in Directory.GetDirectories(root))
        {
            string name = Path.GetFileName(folder);
            Store.Add(name, folder).Version.PeftType.ShouldNotBeNullOrEmpty();
            Store.Export(name, At("out", name));
            Dictionary<string, byte[]> before = Tree(folder), after = Tree(At("out", name));
            after.Keys.Order().ShouldBe(before.Keys.Order());
            after.Keys.ShouldAllBe(path => after[path].SequenceEqual(before[path]));
        }

        Store.Verify().IsSound.ShouldBeTrue();
    }

    [Fact]
    public void Export_ToAFolderThatIsNotEmpty_TouchesNothing()
    {
        Add("a", 1);
        Put("precious.txt", "x"u8);
        Should.Throw<StoreException>(() => Store.Export("a", Folder)).Message.ShouldContain("not empty");
        Should.Throw<StoreException>(() => Store.Export("a", At("in", "precious.txt"))).Message.ShouldContain("not empty");
        Should.Throw<StoreException>(() => Store.Export("a", At("in", "precious.txt", "sub"))).Message.ShouldContain("Cannot export");
        Should.Throw<StoreException>(() => Store.Export("a", At("store", "blobs", "x"))).Message.ShouldContain("lies in the store");
        Tree(Folder).Keys.ShouldBe(["precious.txt"]);
        Directory.CreateDirectory(At("empty"));
        Store.Export("a", At("empty"));
        Tree(At("empty")).Count.ShouldBe(2);
    }

    [Fact]
    public void Export_OfADamagedFile_LeavesNothing()
    {
        SampleAdapter.Write(Folder, 1);
        Put("sub/notes.txt", "text"u8);
        Store.Add("a", Folder);
        string blob = Blobs().Single(b => File.ReadAllText(b) == "text");
        File.Delete(blob);
        File.WriteAllText(blob, "tex!");

        AdapterIntegrityException e = Should.Throw<AdapterIntegrityException>(() => Store.Export("a", At("out")));
        e.Message.ShouldContain("sub/notes.txt");
        Directory.Exists(At("out")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("adapter_model.bin", "only adapter_model.safetensors", true)]
    [InlineData("adapter_model.bin", "safe_serialization=True", false)]
    public void Add_Pickle_IsRefusedByName(string name, string advice, bool withWeights)
    {
        SampleAdapter.Write(Folder, 1);
        Put(name, [0x80, 0x02]);
        if (!withWeights)
        {
            File.Delete(Path.Combine(Folder, "adapter_model.safetensors"));
        }

        FileFormatException e = Should.Throw<FileFormatException>(() => Store.Add("a", Folder));
        e.Message.ShouldContain(name);
        e.Message.ShouldContain("pickle");
        e.Message.ShouldContain(advice);
        Directory.Exists(At("store")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"peft_type\": 3}")]
    [InlineData("{\"peft_type\": null}")]
    [InlineData("{\"peft_type\": \"\"}")]
    [InlineData("{\"peft_type\": \"\\ud800\"}")]
    [InlineData("{\"peft_type\": \"LORA\"")]
    [InlineData("{\"peft_type\": \"LORA\"} {")]
    [InlineData("\"LORA\"")]
    public void Add_MalformedConfiguration_NamesTheFile(string config)
    {
        SampleAdapter.Write(Folder, 1);
        Put("adapter_config.json", Encoding.UTF8.GetBytes(config));
        Should.Throw<FileFormatException>(() => Store.Add("a", Folder)).Message.ShouldContain("adapter_config.json");
        Should.Throw<FileFormatException>(() => AdapterFolder.Open(Folder));
    }

    [Fact]
    public void Add_HostileConfiguration_IsRefusedWithoutReadingItAll()
    {
        SampleAdapter.Write(Folder, 1);
        Put("adapter_config.json", Encoding.UTF8.GetBytes(new string('[', 100_000)));
        Should.Throw<FileFormatException>(() => Store.Add("a", Folder));
        using (FileStream huge = File.OpenWrite(Path.Combine(Folder, "adapter_config.json")))
        {
            huge.SetLength(1L << 40);
        }

        Should.Throw<FileFormatException>(() => Store.Add("a", Folder)).Message.ShouldContain("1099511627776 bytes");
    }

    [Fact]
    public void Add_WeightsCutAnywhere_AreRefused()
    {
        byte[] whole = SampleAdapter.Weights(1, floats: 3);
        for (int length = 0; length < whole.Length; length++)
        {
            SampleAdapter.Write(Folder, 1);
            Put("adapter_model.safetensors", whole.AsSpan(0, length));
            Should.Throw<FileFormatException>(() => Store.Add("a", Folder), $"{length} bytes").Message.ShouldContain("adapter_model.safetensors");
        }

        Put("adapter_model.safetensors", [.. whole, 0]);
        Should.Throw<FileFormatException>(() => Store.Add("a", Folder)).Message.ShouldContain("where the last tensor ends");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"a\":3}")]
    [InlineData("{\"a\":{}}")]
    [InlineData("{\"a\":{\"data_offsets\":[0]}}")]
    [InlineData("{\"a\":{\"data_offsets\":[0,1.5]}}")]
    [InlineData("{\"a\":{\"data_offsets\":[0,99999999999999999999]}}")]
    [InlineData("{\"a\":{\"data_offsets\":[0,9223372036854775807]}}")]
    [InlineData("{\"a\":{\"data_offsets\":\"xx\"}}")]
    [InlineData("{\"a\"")]
    public void Add_MalformedHeader_IsRefused(string header)
    {
        SampleAdapter.Write(Folder, 1);
        byte[] bytes = new byte[8 + header.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        Encoding.ASCII.GetBytes(header).CopyTo(bytes, 8);
        Put("adapter_model.safetensors", bytes);
        Should.Throw<FileFormatException>(() => Store.Add("a", Folder)).Message.ShouldContain("adapter_model.safetensors");
    }

    [Fact]
    public void Add_HeaderLengthsThatOverflow_AreRefused()
    {
        foreach (ulong length in (ulong[])[0, 1, 100_000_001, int.MaxValue, 1UL << 32, long.MaxValue, ulong.MaxValue - 7, ulong.MaxValue])
        {
            SampleAdapter.Write(Folder, 1);
            byte[] bytes = SampleAdapter.Weights(1);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
            Put("adapter_model.safetensors", bytes);
            Should.Throw<FileFormatException>(() => Store.Add("a", Folder)).Message.ShouldContain("header length");
        }
    }

    [Fact]
    public void Add_LfsPointer_AdvisesToPull()
    {
        SampleAdapter.Write(Folder, 1);
        Put("adapter_model.safetensors", "version https://git-lfs.example/spec/v1\noid sha256:00\nsize 12\n"u8);
        Should.Throw<FileFormatException>(() => Store.Add("a", Folder)).Message.ShouldContain("git lfs pull");
    }

    [Fact]
    public void Add_MissingFiles_SaysWhatIsThere()
    {
        Directory.CreateDirectory(Folder);
        Should.Throw<FileFormatException>(() => Store.Add("a", Folder)).Message.ShouldContain("an empty folder");
        Put("config.json", "{}"u8);
        Should.Throw<FileFormatException>(() => Store.Add("a", Folder)).Message.ShouldContain("only config.json");
        Should.Throw<FileFormatException>(() => Store.Add("a", Path.Combine(Folder, "config.json"))).Message.ShouldContain("found a file");
        Should.Throw<FileFormatException>(() => Store.Add("a", At("absent"))).Message.ShouldContain("found nothing");
        Should.Throw<StoreException>(() => Store.Add("a/b", Folder)).Message.ShouldContain("a/b");
    }

    [Fact]
    public void Add_LinksAndPipes_AreRefused()
    {
        SampleAdapter.Write(Folder, 1);
        string link = Path.Combine(Folder, "README.md");
        File.CreateSymbolicLink(link, "/etc/hostname");
        Should.Throw<FileFormatException>(() => Store.Add("a", Folder)).Message.ShouldContain("cp -rL");
        File.Delete(link);
        Directory.CreateSymbolicLink(link, Path.GetTempPath());
        Should.Throw<FileFormatException>(() => Store.Add("a", Folder)).Message.ShouldContain("symbolic link");
        File.Delete(link);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "pipes are told from files on Linux");
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", link))
        {
            mkfifo.WaitForExit();
        }

        Should.Throw<FileFormatException>(() => Store.Add("a", Folder)).Message.ShouldContain("a pipe");
        File.Delete(link);

        // The folder itself may be reached through a link: that one the user typed.
        Directory.CreateSymbolicLink(At("alias"), Folder);
        Store.Add("a", At("alias")).IsNew.ShouldBeTrue();
    }

    [Fact]
    public void Add_FolderThatHoldsTheStore_IsRefused()
    {
        string root = SampleAdapter.Write(At("all"), 1);
        Should.Throw<StoreException>(() => AdapterStore.Open(Path.Combine(root, "store")).Add("a", root)).Message.ShouldContain("lies in it");
        Should.Throw<StoreException>(() => AdapterStore.Open(root).Add("a", root));
        Directory.CreateSymbolicLink(At("link"), root);
        Should.Throw<StoreException>(() => AdapterStore.Open(At("link", "store")).Add("a", root)).Message.ShouldContain("lies in it");
        Directory.Exists(Path.Combine(root, "store")).ShouldBeFalse();
    }
}
