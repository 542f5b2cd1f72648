using SkPeft.Adapters.Store;
using SkPeft.Adapters.Store.Killable;

// STORE [STEPS]: runs the commands that come in, one a line, and answers each with a line; with STEPS, dies at that step on the disk.
StoreDisk disk = args.Length > 1 ? new DeadlyDisk(int.Parse(args[1])) : new StoreDisk();
var store = new AdapterStore(args[0], TimeProvider.System, disk);
Console.WriteLine("ready");
while (Console.ReadLine() is { } line)
{
    Console.WriteLine(StoreCommand.Run(store, line).ReplaceLineEndings(" "));
}
