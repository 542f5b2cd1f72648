using SkPeft.Host;
using SkPeft.Host.Output;

using ToolConsole console = ToolConsole.OfProcess();
using Interruption interruption = new();
return await Tool.RunAsync(args, console, interruption.Token);
