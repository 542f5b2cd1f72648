using Microsoft.AspNetCore.Http;
using SkPeft.Http.Answers;
using SkPeft.Http.Errors;

namespace SkPeft.Http.Runs;

/// <summary><c>GET /admin/runs</c> and <c>/admin/runs/{id}</c>: training runs and their curves; also while the model is opened.</summary>
internal sealed class RunEndpoints(RunLibrary library)
{
    private const int MostPoints = 600;

    public Task ListAsync(HttpContext context) => WriteAsync(context, new RunList(library.IsConfigured, [.. library.List().Select(r => r.Body)]));

    public Task ShowAsync(HttpContext context)
    {
        string id = (string)context.Request.RouteValues["id"]!;
        (RunBody? body, RunFile? file) = library.List().FirstOrDefault(r => r.Body.Id == id);
        return body is null
            ? throw ApiException.NotFound($"There is no run '{id}'. GET /admin/runs lists them.", "run_not_found")
            : WriteAsync(context, new RunCurves(body, Thin(file.Losses), file.Evaluations));
    }

    /// <summary>The same curve with fewer points: means over equal numbers of steps.</summary>
    internal static IReadOnlyList<RunLoss> Thin(IReadOnlyList<RunLoss> losses)
    {
        int each = (losses.Count + MostPoints - 1) / MostPoints;
        return each <= 1 ? losses : [.. losses.Chunk(each).Select(c => new RunLoss(c[0].Step, c.Average(l => l.Loss), c[0].Lr))];
    }

    private static Task WriteAsync<T>(HttpContext context, T body) => context.Response.WriteAsJsonAsync(body, JsonForm.Options, context.RequestAborted);
}
