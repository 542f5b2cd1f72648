using System.Globalization;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Tensors.Tests.Kernels.Generated;

public sealed unsafe class CodeMemoryTests
{
    [Fact]
    public void Made_IsExecutableAndNotWritable()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Code is generated on Linux only.");
        byte* made = CodeMemory.TryMake([0xC3]);
        Assert.SkipWhen(made == null, "This system lets no process make code.");
        string[] line = File.ReadLines("/proc/self/maps").Select(l => l.Split(' ')).Single(l => Holds(l[0], (ulong)made));
        line[1].ShouldBe("r-xp");
        made[0].ShouldBe((byte)0xC3);
    }

    private static bool Holds(string range, ulong address)
    {
        ulong[] ends = [.. range.Split('-').Select(e => ulong.Parse(e, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
        return ends[0] <= address && address < ends[1];
    }
}
