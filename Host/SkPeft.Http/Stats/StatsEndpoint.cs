using Microsoft.AspNetCore.Http;
using SkPeft.Adapters.Store;
using SkPeft.Connectors.Routing;
using SkPeft.Engine;
using SkPeft.Engine.Scheduling;
using SkPeft.Http.Answers;
using SkPeft.Http.Hosting;

namespace SkPeft.Http.Stats;

/// <summary><c>GET /admin/stats</c>: what the page draws, in one answer.</summary>
internal sealed class StatsEndpoint(ModelHost host, ActivityHistory history, RecentAnswers answers, TimeProvider time)
{
    public Task HandleAsync(HttpContext context)
    {
        ServedRuntime served = host.Served;
        LanguageModel model = served.Runtime.Model;
        EngineStatistics engine = model.Engine.Statistics;
        IReadOnlyList<AdapterActivity> activity = model.Engine.Activity;
        StatsBody body = new(
            time.GetUtcNow(),
            new EngineBody(
                engine.Running, model.Options.Scheduler.MaxRunning, engine.Waiting, model.Options.Scheduler.MaxQueue,
                activity.Sum(a => a.PromptTokens), activity.Sum(a => a.AnswerTokens), engine.FoundRows, engine.Preemptions),
            [.. activity.Select(a => Module(a, served.Methods)).OrderByDescending(m => m.PromptTokensPerSecond + m.AnswerTokensPerSecond).ThenByDescending(m => m.PromptTokens + m.AnswerTokens)],
            answers.Read(),
            Memory(served, engine),
            history.Points());
        return context.Response.WriteAsJsonAsync(body, JsonForm.Options, context.RequestAborted);
    }

    private ModuleBody Module(AdapterActivity activity, ModuleMethods methods)
    {
        (double prompt, double answer) = history.RatesOf(activity);
        string module = activity.Adapter.Length == 0 ? SkillRouter.Base : activity.Adapter;
        return new ModuleBody(module, methods.Of(module), activity.Running, activity.Waiting, activity.PromptTokens, activity.AnswerTokens, prompt, answer);
    }

    private static MemoryBody Memory(ServedRuntime served, EngineStatistics engine)
    {
        ResidencyStatistics adapters = served.Runtime.Residency.Statistics;
        return new MemoryBody(
            Environment.WorkingSet, GC.GetTotalMemory(forceFullCollection: false), served.WeightBytes,
            new KeyValueBody(engine.PagesInUse * engine.PageBytes, engine.CachedPages * engine.PageBytes, engine.KeyValueBytes, engine.MaxPages * engine.PageBytes),
            new AdapterMemoryBody(adapters.ResidentBytes, adapters.BudgetBytes, adapters.Residents.Count),
            engine.ScratchBytes, engine.KeyValueBytes + adapters.ResidentBytes + engine.ScratchBytes);
    }
}
