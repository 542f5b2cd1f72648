using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SkPeft;
using SkPeft.Connectors.Bundles;
using SkPeft.Connectors.Hosting;
using SkPeft.WorkerServiceSample;

// A service that labels whatever lies in a folder. The model is opened in the background; SIGTERM lets the review that is being read finish.
HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
UnpackedBundle? shipped = null;
try
{
    // Where no model is configured: the one of this repository, and its adapters in a temporary store.
    if (string.IsNullOrEmpty(builder.Configuration["SkPeft:Model"]))
    {
        shipped = ModelBundle.OpenShipped().Unpack();
        builder.Configuration["SkPeft:Model"] = shipped.Bundle.Model;
        builder.Configuration["SkPeft:Store"] = shipped.Store;
    }

    builder.Services.AddSkPeft(builder.Configuration);
    builder.Services.AddSingleton(WorkerOptions.Of(builder.Configuration, Environment.CurrentDirectory));
    builder.Services.AddHostedService<ReviewWorker>();
    using IHost host = builder.Build();
    await host.RunAsync();
    return 0;
}
catch (SkPeftException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
finally
{
    shipped?.Dispose();
}
