using System.Net;
using System.Text.Json;
using SkPeft.Http.Runs;
using SkPeft.Http.Tests.Page;
using SkPeft.Testing;

namespace SkPeft.Http.Tests.Runs;

public sealed class RunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Runs_AreFound_InAFolderAndInItself_AndToldByState()
    {
        RunFolder.Write(_folder, "a/done", 20, 20, isFinished: true);
        RunFolder.Write(_folder, "a/now", 7, 20, isFinished: false);
        RunFolder.Write(_folder, "a/old", 3, 20, isFinished: false);
        RunFolder.Write(_folder, "b", 1, 5, isFinished: true);
        Directory.CreateDirectory(_folder.PathOf("a/none"));
        File.SetLastWriteTimeUtc(_folder.PathOf("a/old/run.jsonl"), DateTime.UnixEpoch);

        RunLibrary library = new([_folder.PathOf("a"), _folder.PathOf("b"), _folder.PathOf("absent")], TimeProvider.System);

        library.List().Select(r => $"{r.Body.Id} {r.Body.State} {r.Body.Done}/{r.Body.Steps}").ShouldBe(["done Finished 20/20", "now Running 7/20", "old Stopped 3/20", "b Finished 1/5"], ignoreOrder: true);
        library.List()[^1].Body.Id.ShouldBe("old");
        RunBody done = library.List().Single(r => r.Body.Id == "done").Body;
        (done.Method, done.Parameters, done.Lines, done.Loss, done.Evaluation).ShouldBe(("LORA", 4096L, 128, 3.0 / 20, new RunEvaluation(20, 2.0 / 20, 19 / 50.0)));
    }

    [Fact]
    public void TwoRunsOfOneName_HaveIdsOfTheirOwn()
    {
        RunFolder.Write(_folder, "x/run", 1, 1, isFinished: true);
        RunFolder.Write(_folder, "y/run", 1, 1, isFinished: true);

        new RunLibrary([_folder.PathOf("x"), _folder.PathOf("y")], TimeProvider.System).List().Select(r => r.Body.Id).ShouldBe(["run", "run~2"], ignoreOrder: true);
    }

    [Fact]
    public void ALine_ThatIsBeingWritten_IsNotReadYet_AndABadOneIsTold()
    {
        RunFolder.Write(_folder, "r", 3, 9, isFinished: false);
        File.AppendAllText(_folder.PathOf("r/run.jsonl"), "{\"step\":3,\"lo");
        RunLibrary library = new([_folder.Root], TimeProvider.System);
        library.List().Single().Body.Done.ShouldBe(3);

        File.AppendAllText(_folder.PathOf("r/run.jsonl"), "ss\"}\n");

        RunBody body = library.List().Single().Body;
        body.Problem.ShouldNotBeNull().ShouldContain("line 5");
        body.State.ShouldBe(RunState.Stopped);
    }

    [Fact]
    public void ALongCurve_IsThinned_ByMeans()
    {
        RunLoss[] long_ = [.. Enumerable.Range(0, 1800).Select(i => new RunLoss(i, i, 1))];

        IReadOnlyList<RunLoss> thin = RunEndpoints.Thin(long_);

        thin.Count.ShouldBe(600);
        thin[1].ShouldBe(new RunLoss(3, 4, 1));
        RunEndpoints.Thin(long_[..600]).Count.ShouldBe(600);
    }

    [Fact]
    public async Task TheEndpoints_ServeThem_AndNothingThatIsNoRun()
    {
        RunFolder.Write(_folder, "hotel", 12, 20, isFinished: false);
        await using TestServer server = await TestServer.StartAsync(TestServer.Settings with { RunFolders = [_folder.Root] });

        JsonElement list = (await TestServer.SendAsync(server.Admin, HttpMethod.Get, "/admin/runs", null)).ShouldBe(HttpStatusCode.OK).Json;
        (list.GetProperty("is_configured").GetBoolean(), list.GetProperty("runs")[0].GetProperty("id").GetString(), list.GetProperty("runs")[0].GetProperty("state").GetString()).ShouldBe((true, "hotel", "running"));
        JsonElement run = (await TestServer.SendAsync(server.Admin, HttpMethod.Get, "/admin/runs/hotel", null)).ShouldBe(HttpStatusCode.OK).Json;
        (run.GetProperty("losses").GetArrayLength(), run.GetProperty("evaluations").GetArrayLength()).ShouldBe((12, 1));
        foreach (string id in new[] { "nobody", "..%2Fhotel", "%2Fetc%2Fpasswd" })
        {
            (await TestServer.SendAsync(server.Admin, HttpMethod.Get, $"/admin/runs/{id}", null)).ShouldFail(HttpStatusCode.NotFound, null, "run_not_found");
        }
    }
}
