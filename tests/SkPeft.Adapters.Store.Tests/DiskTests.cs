using Microsoft.Data.Sqlite;

namespace SkPeft.Adapters.Store.Tests;

/// <summary>Disks that are full, read-only or not what they should be.</summary>
public sealed class DiskTests : StoreTest
{
    private sealed class FullDisk(long room) : StoreDisk
    {
        private long _room = room;

        public override Stream Create(string path) => new FullStream(this, base.Create(path));

        private sealed class FullStream(FullDisk disk, Stream inner) : MemoryStream
        {
            public override void Write(byte[] buffer, int offset, int count)
            {
                if ((disk._room -= count) < 0)
                {
                    // What .NET makes of ENOSPC.
                    throw new IOException("No space left on device", 28);
                }

                inner.Write(buffer, offset, count);
            }

            public override void Flush() => inner.Flush();

            protected override void Dispose(bool disposing)
            {
                inner.Dispose();
                base.Dispose(disposing);
            }
        }
    }

    [Fact]
    public void Add_DiskFullAtAnyByte_ChangesNothing()
    {
        Add("a", 1);
        long needed = SampleAdapter.Config.Length + SampleAdapter.Weights(2).Length;
        for (long room = 0; room < needed; room += 7)
        {
            var store = new AdapterStore(At("store"), TimeProvider.System, new FullDisk(room));
            StoreException e = Should.Throw<StoreException>(() => store.Add("a", Sample(2)));
            e.Message.ShouldContain("is full");
            e.Message.ShouldContain("gc");
            Directory.GetFiles(At("store", "staging")).ShouldBeEmpty();
        }

        Store.List().Count.ShouldBe(1);
        Store.Verify().IsSound.ShouldBeTrue();
        new AdapterStore(At("store"), TimeProvider.System, new FullDisk(needed)).Add("a", Sample(2)).Version.Number.ShouldBe(2);
    }

    [Fact]
    public void Export_DiskFull_LeavesNothing()
    {
        Add("a", 1);
        var store = new AdapterStore(At("store"), TimeProvider.System, new FullDisk(10));
        Should.Throw<StoreException>(() => store.Export("a", At("out"))).Message.ShouldContain("No space left");
        Directory.Exists(At("out")).ShouldBeFalse();
    }

    [Fact]
    public async Task RealDisk_FillsUp_EveryCommandEitherWorksOrSaysSo()
    {
        Assert.SkipUnless(StoreProcess.CanMount, "this machine does not allow mounts in user namespaces (unshare -rm)");
        Directory.CreateDirectory(At("disk"));
        await using StoreProcess process = StoreProcess.Start(
            At("disk", "store"), prepare: $"mount -t tmpfs -o size=512k tmpfs '{At("disk")}' && cd '{At("disk")}'");
        await process.Ready();
        int added = 0;
        string answer;
        while ((answer = (await process.Run($"add a {SampleAdapter.Write(At($"ten-{added}"), added, floats: 2500)}"))!).StartsWith("ok"))
        {
            (++added).ShouldBeLessThan(60);
        }

        added.ShouldBeGreaterThan(10);
        answer.ShouldStartWith("refused store");
        answer.ShouldContain("is full");
        (await process.Run("verify")).ShouldBe("ok sound");
        (await process.Run("list"))!.Split(' ').Length.ShouldBe(added + 1);
        (await process.Run("remove a@1")).ShouldBe("ok a@1");
        (await process.Run("gc")).ShouldBe("ok 0");
        (await process.Run($"add a {SampleAdapter.Write(At("again"), 999, floats: 2500)}")).ShouldBe($"ok a@{added + 1} new");
        (await process.Run("verify")).ShouldBe("ok sound");
    }

    [Fact]
    public async Task ReadOnlyMount_ReadsWork_WritesSaySo()
    {
        Assert.SkipUnless(StoreProcess.CanMount, "this machine does not allow mounts in user namespaces (unshare -rm)");
        Add("a", 1);
        Store.Promote("a@1", "prod");
        Add("a", 2);
        string store = At("store");
        await using StoreProcess process = StoreProcess.Start(store, prepare: $"mount --bind '{store}' '{store}' && mount -o remount,bind,ro '{store}'");
        await process.Ready();

        (await process.Run("list")).ShouldBe("ok a@1 a@2");
        (await process.Run("verify")).ShouldBe("ok sound");
        (await process.Run("hold a")).ShouldNotBeNull().ShouldStartWith("ok a@1");
        (await process.Run($"export a@2 {At("out")}")).ShouldBe("ok a@2");
        string[] writes = [$"add a {Sample(3)}", "promote a@2 prod", "remove a@2", "gc"];
        foreach (string command in writes)
        {
            string answer = (await process.Run(command))!;
            answer.ShouldStartWith("refused store");
            answer.ShouldContain("read-only");
            answer.ShouldContain("--store");
        }

        Store.List().Count.ShouldBe(2);
    }

    [Fact]
    public void InterruptedWriter_IsUndoneByTheNextOneWhoLooks()
    {
        Add("a", 1);
        string before = StoreModel.Describe(Store, d => d);
        Directory.CreateDirectory(At("copy"));
        using (var connection = new SqliteConnection($"Data Source={At("store", "store.db")};Pooling=false"))
        {
            connection.Open();

            // A cache of a few pages makes SQLite write to the database before the commit: what a kill leaves then is a hot journal.
            connection.Run("PRAGMA cache_size = 2; PRAGMA cache_spill = ON;");
            using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
            connection.Run("DELETE FROM versions");
            for (int i = 0; i < 2000; i++)
            {
                connection.Run("INSERT INTO names VALUES ($0, 1)", $"half-done-{i}");
            }

            File.Copy(At("store", "store.db"), At("copy", "store.db"));
            File.Copy(At("store", "store.db-journal"), At("copy", "store.db-journal"));
        }

        new FileInfo(At("copy", "store.db")).Length.ShouldBeGreaterThan(new FileInfo(At("store", "store.db")).Length);
        StoreModel.Describe(AdapterStore.Open(At("copy")), d => d).ShouldBe(before);
        StoreModel.Describe(Store, d => d).ShouldBe(before);
    }

    [Theory]
    [InlineData("this is no database, it only has the name", "damaged")]
    [InlineData("SQLite format 3\0 and then nothing sensible", "damaged")]
    public void DamagedIndex_SaysSo(string content, string said)
    {
        Directory.CreateDirectory(At("store"));
        File.WriteAllText(At("store", "store.db"), content.PadRight(4096, 'x'));
        ShouldAllSay(said);
    }

    [Fact]
    public void IndexOfAnotherProgram_IsNotTouched()
    {
        Directory.CreateDirectory(At("store"));
        Execute("CREATE TABLE recipes (name TEXT)");
        ShouldAllSay("another program");
    }

    [Fact]
    public void IndexOfANewerVersion_IsNotTouched()
    {
        Add("a", 1);
        Execute("PRAGMA user_version = 2");
        ShouldAllSay("schema version 2, this skpeft knows version 1");
    }

    [Fact]
    public void EmptyIndex_OfAnInterruptedCreation_BecomesAStore()
    {
        Directory.CreateDirectory(At("store"));
        File.WriteAllBytes(At("store", "store.db"), []);
        Store.List().ShouldBeEmpty();
        Should.Throw<AdapterNotFoundException>(() => Store.Promote("a@1", "prod")).Message.ShouldContain("is empty");
        Add("a", 1).Number.ShouldBe(1);
    }

    [Fact]
    public void FolderWithOtherThings_IsNotMadeAStore()
    {
        Directory.CreateDirectory(At("store"));
        File.WriteAllText(At("store", "thesis.tex"), "x");
        ShouldAllSay("thesis.tex");
        Should.Throw<StoreException>(() => AdapterStore.Open(At("store", "thesis.tex")).List()).Message.ShouldContain("is a file");
        Directory.GetFileSystemEntries(At("store")).Length.ShouldBe(1);
    }

    private void ShouldAllSay(string said)
    {
        Action[] commands =
        [
            () => Store.List(), () => Store.Show("a"), () => Add("a", 1), () => Store.Promote("a@1", "prod"), () => Store.Rollback("a", "prod"),
            () => Store.Remove("a@1"), () => Store.Verify(), () => Store.Collect(), () => Store.Hold("a"), () => Store.Export("a", At("out")),
        ];
        commands.ShouldAllBe(command => Should.Throw<StoreException>(command).Message.Contains(said));
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={At("store", "store.db")};Pooling=false");
        connection.Open();
        connection.Run(sql);
    }
}
