using FsCheck;
using FsCheck.Fluent;
using SkPeft.Adapters.Store.Killable;

namespace SkPeft.Adapters.Store.Tests;

public sealed class ModelTests : StoreTest
{
    [Fact]
    public void AnySequenceOfCommands_DoesWhatTheModelDoes()
    {
        var source = new CommandSource(Sample, 4);
        Gen<string[]> commands = Gen.ArrayOf(Gen.Choose(0, int.MaxValue - 1).Select(seed =>
        {
            var random = new Random(seed);
            return source.Next(random.Next);
        }));
        int run = 0;
        Prop.ForAll(commands.ToArbitrary(), lines =>
        {
            AdapterStore store = AdapterStore.Open(At($"run-{run++}"));
            var model = new StoreModel();
            foreach (string line in lines)
            {
                Answer(StoreCommand.Run(store, line)).ShouldBe(model.Run(line), line);
                StoreModel.Describe(store, source.FolderOf).ShouldBe(model.Describe(), line);
            }

            store.Verify().IsSound.ShouldBeTrue();
            store.Collect();
            string[] needed = [.. store.List().SelectMany(l => store.Show(l.Version.Reference).Files).Select(f => f.Digest).Distinct().Order()];
            string blobs = Path.Combine(store.Folder, "blobs");
            string[] there = Directory.Exists(blobs) ? Directory.GetFiles(blobs, "*", SearchOption.AllDirectories) : [];
            there.Select(f => Path.GetFileName(f)!).Order().ShouldBe(needed);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40).WithEndSize(40).WithReplay(20261122, 7));
    }

    /// <summary>The first two words of a refusal; all of the rest.</summary>
    internal static string Answer(string line) => line.StartsWith("refused", StringComparison.Ordinal) ? string.Join(' ', line.Split(' ')[..2]) : line;
}
