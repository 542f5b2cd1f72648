using System.Diagnostics;

namespace SkPeft.Adapters.Store.Killable;

/// <summary>A disk on which the process dies at the n-th step. Before and after each operation is a step.</summary>
internal sealed class DeadlyDisk(int steps) : StoreDisk
{
    private int _left = steps;

    public override Stream Create(string path) => Around(() => base.Create(path));

    public override void Seal(Stream stream, string path) => Around(() => base.Seal(stream, path));

    public override void Move(string from, string to) => Around(() => base.Move(from, to));

    public override void SyncFolder(string folder) => Around(() => base.SyncFolder(folder));

    public override void Delete(string path) => Around(() => base.Delete(path));

    private void Around(Action operation) => Around(() =>
    {
        operation();
        return true;
    });

    private T Around<T>(Func<T> operation)
    {
        Step();
        T result = operation();
        Step();
        return result;
    }

    private void Step()
    {
        if (--_left == 0)
        {
            Process.GetCurrentProcess().Kill();
        }
    }
}
