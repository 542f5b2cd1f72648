using SkPeft.Host;
using SkPeft.Host.Output;

using ToolConsole console = ToolConsole.OfProcess();
return await Tool.RunAsync(args, console, CancellationToken.None);
