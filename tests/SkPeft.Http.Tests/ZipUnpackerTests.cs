using System.IO.Compression;
using SkPeft.Http.Admin;
using SkPeft.Http.Errors;
using SkPeft.Testing;

namespace SkPeft.Http.Tests;

public sealed class ZipUnpackerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("../evil.txt")]
    [InlineData("a/../../evil.txt")]
    [InlineData("/evil.txt")]
    [InlineData("..\\evil.txt")]
    [InlineData("C:\\evil.txt")]
    [InlineData("C:evil.txt")]
    [InlineData("a//b")]
    [InlineData("./a")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    public void ANameThatLeadsElsewhere_IsRefused_AndNothingIsWrittenThere(string name)
    {
        Refuse(ZipBytes.Of((name, [1])), "is not the name of a file inside a folder");

        Directory.EnumerateFiles(_folder.Root, "*evil*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public void ALink_IsRefused() => Refuse(
        ZipBytes.Of(archive => ZipBytes.Add(archive, "adapter_config.json", ZipBytes.Text("/etc/passwd")).ExternalAttributes = 0xA1FF << 16), "is a link or a device");

    [Theory]
    [InlineData("a/", "b/")]
    [InlineData("", "other/")]
    public void TwoAdapters_AreRefused_BecauseOneWouldBeLost(string first, string second) => Refuse(
        ZipBytes.Of(($"{first}adapter_config.json", ZipBytes.Text("{}")), ($"{second}adapter_config.json", ZipBytes.Text("{}"))), "it has 2 adapters");

    [Fact]
    public void ABomb_IsStoppedWhereTheLimitIs()
    {
        byte[] bomb = ZipBytes.Of(("a", new byte[50 << 20]));
        bomb.Length.ShouldBeLessThan(1 << 20);

        ApiException error = Should.Throw<ApiException>(() => Unpack(bomb, mostBytes: 1 << 20));

        (error.Status, error.Code).ShouldBe((413, "zip_too_large"));
        new FileInfo(Path.Combine(_folder.PathOf("out"), "a")).Length.ShouldBeLessThanOrEqualTo(1 << 20);
    }

    [Fact]
    public void AZip_WhoseDirectoryLiesAboutSizes_IsRefused()
    {
        byte[] bomb = ZipBytes.Of(("a", new byte[5 << 20]));

        // The sizes in the central directory, which the reader asks first: the uncompressed one is the last of three.
        int directory = bomb.AsSpan().LastIndexOf("PK\x01\x02"u8);
        BitConverter.TryWriteBytes(bomb.AsSpan(directory + 24), 10).ShouldBeTrue();

        Refuse(bomb, "is damaged");
    }

    [Fact]
    public void AFileThatIsDamaged_IsRefused()
    {
        byte[] zip = ZipBytes.Of(archive =>
        {
            using Stream stream = archive.CreateEntry("weights", CompressionLevel.NoCompression).Open();
            stream.Write("0123456789"u8);
        });
        zip[zip.AsSpan().IndexOf("456"u8)]++;

        Refuse(zip, "'weights' is damaged");
    }

    [Fact]
    public void TheSumOfSmallFiles_CountsToo() =>
        Should.Throw<ApiException>(() => Unpack(ZipBytes.Of(("a", new byte[600]), ("b", new byte[600])), mostBytes: 1000)).Code.ShouldBe("zip_too_large");

    [Fact]
    public void TooManyEntries_AreRefused() => Refuse(ZipBytes.Of([.. Enumerable.Range(0, 1001).Select(i => ($"f{i}", Array.Empty<byte>()))]), "1001 entries");

    [Theory]
    [InlineData("a", "A")]
    [InlineData("a", "a")]
    public void ANameThatIsThereTwice_IsRefused(string first, string second) => Refuse(ZipBytes.Of((first, [1]), (second, [2])), "twice");

    [Theory]
    [InlineData("a", "a/b")]
    [InlineData("a/b", "a")]
    public void AFileThatIsAFolderToo_IsRefused(string first, string second) => Refuse(ZipBytes.Of((first, [1]), (second, [2])), "a file and a folder");

    [Fact]
    public void WhatIsNoZip_IsRefused()
    {
        Refuse(ZipBytes.Text("not a zip"), "not accepted");
        Refuse([], "not accepted");
        byte[] cut = ZipBytes.Of(("a", new byte[1000]));
        Refuse(cut[..(cut.Length / 2)], "not accepted");
    }

    [Fact]
    public void AGoodZip_IsUnpacked_AndASingleFolderInsideIsTheModules()
    {
        byte[] zip = ZipBytes.Of(("mine/adapter_config.json", ZipBytes.Text("{}")), ("mine/extra/notes.txt", ZipBytes.Text("hello")));

        string folder = Unpack(zip);

        Path.GetFileName(folder).ShouldBe("mine");
        File.ReadAllText(Path.Combine(folder, "extra", "notes.txt")).ShouldBe("hello");
    }

    /// <summary>Damaged zips are refused in words, whatever is damaged.</summary>
    [Fact]
    public void DamagedZips_AreRefusedOrUnpackedInsideTheFolder()
    {
        byte[] zip = ZipBytes.Of(("mine/adapter_config.json", ZipBytes.Text("{\"a\": 1}")), ("mine/b.bin", new byte[300]));
        int refused = 0;
        FileMutations.Check(FileMutations.Of(zip.Length, zip), 300, damaged =>
        {
            try
            {
                Unpack(damaged, mostBytes: 1 << 16);
            }
            catch (ApiException)
            {
                refused++;
            }
        });

        refused.ShouldBeGreaterThan(50);
        Directory.GetFileSystemEntries(_folder.Root).Select(Path.GetFileName).ShouldBeSubsetOf(["out", "upload.zip"]);
    }

    private void Refuse(byte[] zip, string words)
    {
        ApiException error = Should.Throw<ApiException>(() => Unpack(zip));
        error.Status.ShouldBe(400);
        error.Message.ShouldContain(words);
    }

    private string Unpack(byte[] zip, long mostBytes = 1 << 20)
    {
        string folder = _folder.PathOf("out");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return new ZipUnpacker(mostBytes).Unpack(_folder.Write("upload.zip", zip), folder, TestContext.Current.CancellationToken);
    }
}
