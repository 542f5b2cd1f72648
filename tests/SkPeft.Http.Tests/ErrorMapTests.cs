using System.Text;
using Microsoft.AspNetCore.Http;
using SkPeft.Http.Errors;

namespace SkPeft.Http.Tests;

public sealed class ErrorMapTests
{
    [Fact]
    public async Task ABusyEngine_IsUnavailable_AndSaysWhenItIsNot()
    {
        DefaultHttpContext context = new() { Response = { Body = new MemoryStream() } };

        await ErrorWriter.WriteAsync(context, ErrorMap.Of(new EngineBusyException("64 requests wait", "at most 64", TimeSpan.FromSeconds(2.2))));

        context.Response.StatusCode.ShouldBe(503);
        context.Response.Headers.RetryAfter.ToString().ShouldBe("3");
        Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray()).ShouldContain("\"code\":\"engine-busy\"");
    }

    [Fact]
    public void FaultsOfTheServer_AreTold_AndThoseOfTheClientAreTheClients()
    {
        (int Status, Exception Error)[] cases =
        [
            (504, new DeadlineException(TimeSpan.FromSeconds(1), "x")),
            (404, new AdapterNotFoundException("x", "y")),
            (404, new NoRouteException("x")),
            (400, new InvalidOptionException("Temperature", "x", "y")),
            (400, new ContextLengthException(5, 4, "x")),
            (400, new TemplateException("x", 1, "y")),
            (400, new AdapterMatchesNothingException("x", "y", "z")),
            (400, new MethodNotFoundException("x", "y")),
            (500, new AdapterIntegrityException("x", "f", "1", "2")),
            (500, new PluginFaultException("p", "w", "e", "d")),
            (500, new ModelOutputException("NaN")),
            (500, new StoreException("disk full")),
            (503, new ObjectDisposedException("model")),
            (500, new KeyNotFoundException("secret")),
        ];
        foreach ((int status, Exception error) in cases)
        {
            ErrorMap.Of(error).Status.ShouldBe(status, error.GetType().Name);
        }

        ErrorMap.Of(new KeyNotFoundException("secret")).Message.ShouldNotContain("secret");
    }
}
