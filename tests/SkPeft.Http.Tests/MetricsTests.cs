using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using SkPeft.Http.Metrics;

namespace SkPeft.Http.Tests;

public sealed class MetricsTests
{
    [Fact]
    public async Task Requests_AndTokens_AreCounted_ByRouteAndModule()
    {
        await using TestServer server = await TestServer.StartAsync();
        (await server.PostAsync("/v1/completions", """{ "model": "describe", "prompt": "The Eagle", "max_tokens": 3, "logit_bias": { "0": -100, "1": -100, "2": -100 } }""")).ShouldBe(HttpStatusCode.OK);
        (await server.PostAsync("/v1/completions", "{}")).ShouldBe(HttpStatusCode.BadRequest);
        (await server.GetAsync("/v1/models/nobody")).ShouldBe(HttpStatusCode.NotFound);
        (await server.GetAsync("/no/such/path")).ShouldBe(HttpStatusCode.NotFound);

        Reply reply = (await server.GetAsync("/metrics")).ShouldBe(HttpStatusCode.OK);

        ValueOf(reply, "skpeft_http_requests_total{method=\"POST\",route=\"/v1/completions\",status=\"200\"}").ShouldBe(1);
        ValueOf(reply, "skpeft_http_requests_total{method=\"POST\",route=\"/v1/completions\",status=\"400\"}").ShouldBe(1);
        ValueOf(reply, "skpeft_http_requests_total{method=\"GET\",route=\"/v1/models/{id}\",status=\"404\"}").ShouldBe(1);
        ValueOf(reply, "skpeft_http_requests_total{method=\"GET\",route=\"none\",status=\"404\"}").ShouldBe(1);
        ValueOf(reply, "skpeft_http_tokens_total{kind=\"output\",module=\"describe@1\"}").ShouldBe(3);
        ValueOf(reply, "skpeft_http_first_token_duration_seconds_count{module=\"describe@1\"}").ShouldBe(1);
        ValueOf(reply, "skpeft_http_active_requests{method=\"POST\"}").ShouldBe(0);
        ValueOf(reply, "skpeft_model_ready").ShouldBe(1);
        ValueOf(reply, "skpeft_adapters_loaded").ShouldBe(4);
        ValueOf(reply, "skpeft_adapters_loads_total").ShouldBe(4);
        ValueOf(reply, "skpeft_adapters_leases").ShouldBe(0);
        ValueOf(reply, "skpeft_plugins_contexts{skpeft_status=\"stillheld\"}").ShouldBe(0);
        ValueOf(reply, "skpeft_plugins_contexts{skpeft_status=\"active\"}").ShouldBeGreaterThan(20);
        reply.Text.ShouldContain("# TYPE skpeft_http_request_duration_seconds histogram");
    }

    [Fact]
    public async Task ATextThatIsContinued_IsAnAnswerLikeAnyOther_ByTheConventions()
    {
        await using TestServer server = await TestServer.StartAsync();
        (await server.PostAsync("/v1/completions", """{ "model": "describe", "prompt": "The Eagle", "n": 2, "seed": 1, "max_tokens": 4, "logit_bias": { "0": -100 } }""")).ShouldBe(HttpStatusCode.OK);
        (await server.PostAsync("/v1/completions", """{ "model": "describe", "prompt": "The Eagle", "max_tokens": 2000 }""")).ShouldBe(HttpStatusCode.BadRequest);

        Reply reply = (await server.GetAsync("/metrics")).ShouldBe(HttpStatusCode.OK);

        // Other tests' answers count as well: the meter is the process's.
        const string By = "gen_ai_operation_name=\"text_completion\",gen_ai_provider_name=\"skpeft\",gen_ai_request_model=\"describe\",gen_ai_response_model=\"describe@1\",";
        ValueOf(reply, $"gen_ai_client_operation_duration_seconds_count{{{By}skpeft_skill=\"\"}}").ShouldBeGreaterThanOrEqualTo(2);
        ValueOf(reply, $"gen_ai_server_time_to_first_token_seconds_count{{{By}skpeft_skill=\"\"}}").ShouldBeGreaterThanOrEqualTo(2);
        ValueOf(reply, $"gen_ai_client_operation_time_per_output_chunk_seconds_count{{{By}skpeft_skill=\"\"}}").ShouldBeGreaterThanOrEqualTo(2 * 3);
        ValueOf(reply, $"gen_ai_client_token_usage_sum{{{By}gen_ai_token_type=\"output\",skpeft_skill=\"\"}}").ShouldBeGreaterThanOrEqualTo(2 * 4);
        reply.Text.ShouldContain("gen_ai_client_operation_duration_seconds_count{error_type=\"context-length\"");
    }

    [Fact]
    public async Task WhatIsRefused_IsNoCancellation_AndTimesFallIntoBucketsOfMilliseconds()
    {
        await using TestServer server = await TestServer.StartAsync();
        (await server.PostAsync("/v1/chat/completions", """{ "model": "sentiment", "messages": [ { "role": "user", "content": "great fun" } ], "stop": "x" }""")).ShouldBe(HttpStatusCode.BadRequest);
        (await server.PostAsync("/v1/chat/completions", """{ "model": "sentiment", "messages": [ { "role": "user", "content": "great fun" } ] }""")).ShouldBe(HttpStatusCode.OK);

        string text = (await server.GetAsync("/metrics")).ShouldBe(HttpStatusCode.OK).Text;

        text.ShouldContain("gen_ai_client_operation_duration_seconds_count{error_type=\"invalid-option\"");
        text.ShouldContain("le=\"0.01\"} ");
        text.Split('\n').Where(l => l.StartsWith("skpeft_engine_step_", StringComparison.Ordinal) && l.Contains("le=\"5000\"", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void TheText_IsPrometheus()
    {
        object scope = new();
        using MetricsCollector collector = new(scope);
        using Meter meter = new("SkPeft.Test", null, null, scope);
        using Meter other = new("Other");
        Counter<int> counter = meter.CreateCounter<int>("skpeft.sample.things", null, "Things \\ of\nall kinds.");
        counter.Add(2, new KeyValuePair<string, object?>("b", "x\"y\\z\n"), new KeyValuePair<string, object?>("a.b", 1));
        counter.Add(3, new KeyValuePair<string, object?>("a.b", 1), new KeyValuePair<string, object?>("b", "x\"y\\z\n"));
        Histogram<double> histogram = meter.CreateHistogram("skpeft.sample.wait", "s", null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 2] });
        foreach (double value in new[] { 0.25, 0.5, 1, 9 })
        {
            histogram.Record(value);
        }

        meter.CreateUpDownCounter<long>("skpeft.sample.level").Add(5);
        meter.CreateObservableGauge("skpeft.sample.size", () => 7L, "By");
        other.CreateCounter<int>("skpeft.sample.others").Add(1);

        // The meters of engines that other tests run are heard as well.
        string.Concat(collector.Write().Split('\n').Where(l => l.Contains("skpeft_sample_", StringComparison.Ordinal)).Select(l => $"{l}\n")).ShouldBe("""
            # TYPE skpeft_sample_level gauge
            skpeft_sample_level 5
            # TYPE skpeft_sample_size_bytes gauge
            skpeft_sample_size_bytes 7
            # HELP skpeft_sample_things_total Things \\ of\nall kinds.
            # TYPE skpeft_sample_things_total counter
            skpeft_sample_things_total{a_b="1",b="x\"y\\z\n"} 5
            # TYPE skpeft_sample_wait_seconds histogram
            skpeft_sample_wait_seconds_bucket{le="0.5"} 2
            skpeft_sample_wait_seconds_bucket{le="2"} 3
            skpeft_sample_wait_seconds_bucket{le="+Inf"} 4
            skpeft_sample_wait_seconds_sum 10.75
            skpeft_sample_wait_seconds_count 4

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void NamesWithoutEnd_AreCountedTogether()
    {
        object scope = new();
        using MetricsCollector collector = new(scope);
        using Meter meter = new("SkPeft.Test", null, null, scope);
        Counter<int> counter = meter.CreateCounter<int>("skpeft.sample.names");
        for (int i = 0; i < 2500; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("name", i));
        }

        string[] lines = [.. collector.Write().Split('\n').Where(l => l.StartsWith("skpeft_sample_names_total{", StringComparison.Ordinal))];
        lines.Length.ShouldBe(2001);
        lines.ShouldContain("skpeft_sample_names_total{otel_metric_overflow=\"true\"} 500");
    }

    [Fact]
    public async Task Otlp_GetsTheMetrics_WhereItIsConfigured()
    {
        TaskCompletionSource<(string? Type, byte[] Body)> received = new();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using WebApplication sink = builder.Build();
        sink.Run(async context =>
        {
            using MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body);
            if (context.Request.Path == "/v1/metrics")
            {
                received.TrySetResult((context.Request.ContentType, body.ToArray()));
            }
        });
        await sink.StartAsync(TestContext.Current.CancellationToken);

        // What is left is sent when the server ends.
        await using (TestServer server = await TestServer.StartAsync(TestServer.Settings with { OtlpEndpoint = sink.Urls.Single() }))
        {
            (await server.GetAsync("/v1/models")).ShouldBe(HttpStatusCode.OK);
        }

        (string? type, byte[] sent) = await received.Task.WaitAsync(TestContext.Current.CancellationToken);
        type.ShouldBe("application/x-protobuf");
        Encoding.Latin1.GetString(sent).ShouldContain("skpeft.http.requests");
    }

    private static double ValueOf(Reply reply, string series) => double.Parse(
        reply.Text.Split('\n').SingleOrDefault(l => l.StartsWith(series + " ", StringComparison.Ordinal))?[(series.Length + 1)..] ?? throw new KeyNotFoundException($"{series}\n{reply.Text}"),
        CultureInfo.InvariantCulture);
}
