using System.Diagnostics;
using Microsoft.Extensions.AI;
using SkPeft.Connectors.Requests;

namespace SkPeft.Connectors.Tests;

/// <summary>The span of an answer, by the conventions for generative AI: from the request on, loading included, and of failures too.</summary>
public sealed class AnswerTelemetryTests(TinyHost host) : IClassFixture<TinyHost>
{
    [Fact]
    public async Task AnAnswer_IsASpan_ThatNamesItsAdapterAndItsTokens()
    {
        Activity span = await SpanAsync(host.Client, "red@1", null);

        span.OperationName.ShouldBe("chat red@1");
        span.GetTagItem("gen_ai.operation.name").ShouldBe("chat");
        span.GetTagItem("gen_ai.request.model").ShouldBe("red");
        span.GetTagItem("gen_ai.response.model").ShouldBe("red@1");
        span.GetTagItem("skpeft.method").ShouldBe("LORA");
        span.GetTagItem("gen_ai.usage.output_tokens").ShouldBeOfType<long>().ShouldBeGreaterThan(0);
        span.GetTagItem("error.type").ShouldBeNull();
    }

    [Fact]
    public async Task LoadingTheAdapter_IsPartOfTheSpan()
    {
        TimeSpan loading = TimeSpan.FromMilliseconds(150);
        using PeftChatClient client = new(host.Runtime.Model, new SlowLeases(host.Runtime.Residency, loading), host.Runtime.Router);

        Activity span = await SpanAsync(client, "red@2", null);

        span.Duration.ShouldBeGreaterThanOrEqualTo(loading);
    }

    [Fact]
    public async Task AnAdapterThatCannotBeHad_IsASpanThatFailed()
    {
        Activity span = await SpanAsync(host.Client, "red@77", typeof(AdapterNotFoundException));

        span.Status.ShouldBe(ActivityStatusCode.Error);
        span.GetTagItem("gen_ai.request.model").ShouldBe("red@77");
        span.GetTagItem("error.type").ShouldNotBeNull();
    }

    private static async Task<Activity> SpanAsync(IChatClient client, string adapter, Type? error)
    {
        // Other tests' answers are spans too: only those below this one count.
        using Activity parent = new Activity("test").Start();
        List<Activity> seen = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == "SkPeft.Chat",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == parent.TraceId)
                {
                    seen.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        Task<ChatResponse> answer = client.GetResponseAsync("hello", TinyHost.Options(PropertyNames.Adapter, adapter), TestContext.Current.CancellationToken);
        if (error is null)
        {
            await answer;
        }
        else
        {
            await Should.ThrowAsync(() => answer, error);
        }

        return seen.ShouldHaveSingleItem();
    }

    private sealed class SlowLeases(IAdapterLeases inner, TimeSpan delay) : IAdapterLeases
    {
        public async ValueTask<IAdapterLease> LeaseAsync(string reference, CancellationToken cancellationToken = default)
        {
            await Task.Delay(delay, cancellationToken);
            return await inner.LeaseAsync(reference, cancellationToken);
        }
    }
}
