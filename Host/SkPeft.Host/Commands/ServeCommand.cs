using System.CommandLine;
using SkPeft.Host.Output;
using SkPeft.Host.Serving;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Host.Commands;

/// <summary><c>skpeft serve</c>: the skills behind OpenAI's HTTP API.</summary>
internal static class ServeCommand
{
    public const string Name = "serve";

    public static Command Create(ToolConsole console)
    {
        Argument<string?> model = new("MODEL")
        {
            Arity = ArgumentArity.ZeroOrOne, Description = "A GGUF file, a model folder, or a folder with skills.json. Without it, the model that comes with the tool, with its own skills.",
        };
        Option<string?> store = Options.Store();
        Option<string[]> plugins = Several("--plugins", "DIR", "Folders of plugins. Default: plugins beside the tool.");
        Option<string?> config = new("--config") { HelpName = "FILE", Description = "Settings as in appsettings, sections SkPeft and SkPeftHttp (docs/http.md). The command line goes before them." };
        Option<string[]> urls = Several("--urls", "URL", "Where requests are answered. Default: http://127.0.0.1:8080. Port 0 takes a free one.");
        Option<string[]> adminUrls = Several("--admin-urls", "URL", "Where the operator's page (/) and /admin are served as well. Default: nowhere.");
        Option<string?> keyFile = new("--api-key-file") { HelpName = "FILE", Description = "API keys, hashed (docs/http.md). Default: no key is asked for." };
        Option<string[]> loraFolders = Several("--lora-folders", "DIR", "Folders from which /v1/load_lora_adapter may read. Default: none, and it is off.");
        Option<string[]> runFolders = Several("--run-folders", "DIR", "Folders of training runs that the page shows: what 'skpeft train --out' wrote, or a folder of such. Default: none.");
        Option<int?> maxTokens = Options.WholeOrNone("--max-tokens", "Most tokens of an answer, where neither request nor skill says. Default: 256, or what the settings say.", 1);
        Option<Precision?> precision = new("--precision")
        {
            HelpName = "exact|fast|int8", Description = $"{PrecisionNames.Meaning} Default: fast, or what the settings say.",
        };
        Option<int?> threads = Options.Threads();
        Command command = new(Name, "Answer OpenAI's HTTP API, until Ctrl-C or SIGTERM.")
        {
            model, store, plugins, config, urls, adminUrls, keyFile, loraFolders, runFolders, maxTokens, precision, threads,
        };
        command.SetAction(async (result, cancellation) =>
        {
            using ServeSettings settings = ServeSettings.Of(new ServeRequest
            {
                Model = result.GetValue(model),
                Store = result.GetValue(store),
                Plugins = result.GetValue(plugins) ?? [],
                Config = result.GetValue(config),
                Urls = result.GetValue(urls) ?? [],
                AdminUrls = result.GetValue(adminUrls) ?? [],
                KeyFile = result.GetValue(keyFile),
                LoraFolders = result.GetValue(loraFolders) ?? [],
                RunFolders = result.GetValue(runFolders) ?? [],
                MaxTokens = result.GetValue(maxTokens),
                Precision = result.GetValue(precision),
                Threads = result.GetValue(threads),
            });
            return await ServeRunner.RunAsync(settings, console, cancellation);
        });
        return command;
    }

    private static Option<string[]> Several(string name, string what, string help) => new(name)
    {
        HelpName = what, Description = $"{help} May be given several times.",
    };
}
