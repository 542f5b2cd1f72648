using System.Diagnostics;

namespace SkPeft.Adapters.Store.Killable;

/// <summary>A disk whose n-th step is the process's last: everything before it has happened, nothing after it does.</summary>
internal sealed class DeadlyDisk(int steps) : StoreDisk
{
    private int _left = steps;

    public override Stream Create(string path) => Then(base.Create(path));

    public override void Seal(Stream stream, string path)
    {
        base.Seal(stream, path);
        Step();
    }

    public override void Move(string from, string to)
    {
        base.Move(from, to);
        Step();
    }

    public override void SyncFolder(string folder)
    {
        base.SyncFolder(folder);
        Step();
    }

    public override void Delete(string path)
    {
        base.Delete(path);
        Step();
    }

    private Stream Then(Stream stream)
    {
        Step();
        return stream;
    }

    private void Step()
    {
        if (--_left == 0)
        {
            Process.GetCurrentProcess().Kill();
        }
    }
}
