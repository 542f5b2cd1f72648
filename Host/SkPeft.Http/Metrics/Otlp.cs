using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace SkPeft.Http.Metrics;

/// <summary>Sends metrics and traces to a collector, where the settings name one.</summary>
internal static class Otlp
{
    public static void AddTo(IServiceCollection services, string endpoint) => services.AddOpenTelemetry()
        .ConfigureResource(resource => resource.AddService("skpeft"))
        .WithMetrics(metrics => metrics.AddMeter($"{MetricsCollector.Prefix}*").AddOtlpExporter(o => Configure(o, endpoint, "v1/metrics")))
        .WithTracing(traces => traces.AddSource("Microsoft.AspNetCore", $"{MetricsCollector.Prefix}*").AddOtlpExporter(o => Configure(o, endpoint, "v1/traces")));

    // An endpoint that is set in code is taken as it is: the signal's path belongs to it.
    private static void Configure(OtlpExporterOptions options, string endpoint, string path)
    {
        options.Protocol = OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = new Uri($"{endpoint.TrimEnd('/')}/{path}");
    }
}
