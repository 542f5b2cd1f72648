using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;

namespace SkPeft.Testing;

/// <summary>Damages files for property tests: flipped bytes, hostile lengths, cut ends, pieces copied over others.</summary>
public static class FileMutations
{
    // Counts and lengths at which arithmetic goes wrong.
    private static readonly ulong[] s_hostile =
        [0, 1, 0x7F, 0xFF, 0xFFFF, int.MaxValue, 0x80000000, uint.MaxValue, 1ul << 32, 1ul << 40, long.MaxValue, 1ul << 63, ulong.MaxValue, ulong.MaxValue - 7];

    /// <summary>Damaged copies of one of several files. Three of four edits fall into the first <paramref name="headBytes"/> bytes.</summary>
    public static Gen<byte[]> Of(int headBytes, params byte[][] files) =>
        from file in Gen.Elements(files)
        from count in Gen.Choose(1, 4)
        from edits in Edit(file.Length, Math.Min(headBytes, file.Length)).ArrayOf(count)
        select edits.Aggregate(file, (bytes, edit) => edit(bytes));

    /// <summary>Runs a check on many damaged files, always the same ones.</summary>
    public static void Check(Gen<byte[]> files, int tests, Action<byte[]> check) =>
        Prop.ForAll(files.ToArbitrary(), check).Check(Config.QuickThrowOnFailure.WithMaxTest(tests).WithReplay(20261122, 7));

    private static Gen<Func<byte[], byte[]>> Edit(int length, int head)
    {
        Gen<int> place = Gen.Frequency((3, Gen.Choose(0, head - 1)), (1, Gen.Choose(0, length - 1)));
        Gen<Func<byte[], byte[]>> flip = from at in place from value in Gen.Choose(0, 255) select Change(bytes => bytes[at % bytes.Length] = (byte)value);
        Gen<Func<byte[], byte[]>> bit = from at in place from b in Gen.Choose(0, 7) select Change(bytes => bytes[at % bytes.Length] ^= (byte)(1 << b));
        Gen<Func<byte[], byte[]>> lengths = from at in place
                                            from value in Gen.Elements(s_hostile)
                                            from size in Gen.Elements(4, 8)
                                            select Change(bytes => Overwrite(bytes, at, value, size));
        Gen<Func<byte[], byte[]>> cut = from at in place select (Func<byte[], byte[]>)(bytes => bytes[..Math.Max(1, at % bytes.Length)]);
        Gen<Func<byte[], byte[]>> splice = from source in place
                                           from target in place
                                           from size in Gen.Choose(1, 64)
                                           select Change(bytes => Copy(bytes, source, target, size));
        Gen<Func<byte[], byte[]>> insert = from at in place
                                           from size in Gen.Choose(1, 16)
                                           from value in Gen.Choose(0, 255)
                                           select (Func<byte[], byte[]>)(bytes => Insert(bytes, at % bytes.Length, size, (byte)value));
        return Gen.Frequency((4, flip), (4, bit), (4, lengths), (1, cut), (3, splice), (1, insert));
    }

    private static Func<byte[], byte[]> Change(Action<byte[]> change) => bytes =>
    {
        byte[] copy = [.. bytes];
        change(copy);
        return copy;
    };

    private static void Overwrite(byte[] bytes, int at, ulong value, int size)
    {
        if (at + size <= bytes.Length)
        {
            MemoryMarshal.AsBytes([value])[..size].CopyTo(bytes.AsSpan(at));
        }
    }

    private static void Copy(byte[] bytes, int source, int target, int size)
    {
        (source, target) = (source % bytes.Length, target % bytes.Length);
        size = Math.Min(size, bytes.Length - Math.Max(source, target));
        bytes.AsSpan(source, size).CopyTo(bytes.AsSpan(target));
    }

    private static byte[] Insert(byte[] bytes, int at, int size, byte value) => [.. bytes[..at], .. Enumerable.Repeat(value, size), .. bytes[at..]];
}
