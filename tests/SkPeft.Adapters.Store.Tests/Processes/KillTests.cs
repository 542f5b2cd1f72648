namespace SkPeft.Adapters.Store.Tests;

/// <summary>kill -9 at any instant leaves the old state or the new one.</summary>
public sealed class KillTests : StoreTest
{
    private const int Rounds = 60;

    // Weights large enough that copying them takes part of the time.
    private string Large(int seed) => SampleAdapter.Write(At($"large-{seed}"), seed, floats: 30_000);

    [Fact]
    public async Task Kill_AtRandomInstants_LeavesTheOldStateOrTheNew()
    {
        var source = new CommandSource(Large, 5);
        var random = new Random(20261122);
        var model = new StoreModel();
        int done = 0, inFlight = 0;
        StoreProcess next = StoreProcess.Start(At("store"));
        for (int round = 0; round < Rounds; round++)
        {
            await using StoreProcess process = next;
            await process.Ready();
            next = StoreProcess.Start(At("store"));
            string[] commands = [.. Enumerable.Range(0, 200).Select(_ => source.Next(random.Next))];
            await process.Send(commands);

            // A few answers, then an instant that the clock and the scheduler choose.
            List<string> answers = [];
            for (int wanted = random.Next(1, 12); answers.Count < wanted;)
            {
                answers.Add((await process.ReadLine())!);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(random.NextDouble() * 12));
            answers.AddRange(await process.Kill());

            for (int i = 0; i < answers.Count; i++)
            {
                ModelTests.Answer(answers[i]).ShouldBe(model.Run(commands[i]), $"round {round}: {commands[i]} answered {answers[i]}");
            }

            done += answers.Count;
            StoreModel after = model.Copy();
            _ = after.Run(commands[answers.Count]);
            string found = StoreModel.Describe(Store, source.FolderOf);
            found.ShouldBeOneOf([model.Describe(), after.Describe()], $"round {round}: killed in '{commands[answers.Count]}'");
            if (found != model.Describe())
            {
                model = after;
                inFlight++;
            }

            StoreVerification verified = Store.Verify();
            verified.IsSound.ShouldBeTrue($"round {round}: killed in '{commands[answers.Count]}'");
        }

        await next.DisposeAsync();
        Store.Collect();
        Directory.GetFiles(At("store", "staging")).ShouldBeEmpty();
        Blobs().Length.ShouldBe(Store.List().SelectMany(l => Store.Show(l.Version.Reference).Files).Select(f => f.Digest).Distinct().Count());
        TestContext.Current.TestOutputHelper?.WriteLine($"{Rounds} kills, {done} commands before them, {inFlight} of the killed ones had taken effect");
    }

    [Theory]
    [InlineData("add a {new}")]
    [InlineData("gc")]
    public async Task Kill_AroundEveryStepOnTheDisk_LeavesTheOldStateOrTheNew(string command)
    {
        bool survived = false;
        for (int step = 1; !survived; step++)
        {
            step.ShouldBeLessThan(60);
            string folder = At($"store-{step}");
            AdapterStore store = AdapterStore.Open(folder);
            store.Add("a", Sample(1));
            store.Add("a", Sample(2));
            store.Add("b", Large(3));
            store.Promote("a@1", "prod");
            store.Remove("a@2");
            store.Remove("b@1");
            string before = StoreModel.Describe(store, d => d);

            await using StoreProcess process = StoreProcess.Start(folder, step);
            await process.Ready();
            survived = await process.Run(command.Replace("{new}", Large(4))) is not null;

            store.Verify().IsSound.ShouldBeTrue();
            string after = StoreModel.Describe(store, d => d);
            bool isAdded = after.Contains("a@3");
            after.ShouldBe(isAdded ? $"{before}\na@3 is {AdapterFolder.Open(Large(4)).Digest}" : before);
            isAdded.ShouldBeOneOf(command != "gc", survived && command != "gc");
            store.Collect();
            Directory.GetFiles(Path.Combine(folder, "staging")).ShouldBeEmpty();
            Directory.GetFiles(Path.Combine(folder, "blobs"), "*", SearchOption.AllDirectories).Length.ShouldBe(isAdded ? 3 : 2);
            store.Add("a", Large(4)).Version.Number.ShouldBe(3);
            store.Verify().IsSound.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Kill_BeforeTheStoreWasEverThere_LeavesAFolderThatBecomesOne()
    {
        for (int step = 1; step <= 10; step += 3)
        {
            string folder = At($"new-{step}");
            await using StoreProcess process = StoreProcess.Start(folder, step);
            await process.Ready();
            (await process.Run($"add a {Sample(1)}")).ShouldBeNull();

            AdapterStore store = AdapterStore.Open(folder);
            store.List().ShouldBeEmpty();
            store.Verify().IsSound.ShouldBeTrue();
            store.Add("a", Sample(1)).Version.Number.ShouldBe(1);
        }
    }
}
