using System.Runtime.InteropServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Machine code of a tile: a panel of 16 rows times 1, 2, 4 or 8 columns of activations whose 16 bits come as two bytes,
/// x = 256 · upper + lower. Products of bytes (VPDPBUSD) take half the time of those of 16 bits, and most blocks of
/// <see cref="Precision.Int8"/> need the upper bytes only.
/// </summary>
/// <remarks>
/// The sum of a block is the same integer that the portable formats get, and it meets its scales in the same operations, so that both give
/// the same bits. Unsigned weights are wanted: signed bytes are moved by 128, which 128 · Σ x takes back (<see cref="TileInputs"/>).
/// </remarks>
internal static class TileCode
{
    private const int TotalBase = 0, SumBase = 8, WeightBase = 16;
    private const int Factor = 24, Minimum = 25, Mask = 26, Order = 27, Eight = 28;
    private const General Panel = General.First, Inputs = General.Second, Blocks = General.Third, Sums = General.Fourth;

    /// <summary>Bytes ahead that every line is fetched where a block takes long enough that the CPU does not look so far.</summary>
    private const int Ahead = 2048;

    /// <summary>Which words of two panel steps lie in which lane: row r has word r of each.</summary>
    public static ReadOnlySpan<byte> WordOrder => MemoryMarshal.AsBytes<ushort>(
        [0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31]);

    /// <summary>Writes a function (panel, inputs, blocks, sums).</summary>
    /// <param name="code">Where to.</param>
    /// <param name="shape">The format.</param>
    /// <param name="columns">1, 2, 4 or 8.</param>
    /// <param name="wordOrder">Where in the code <see cref="WordOrder"/> stands.</param>
    public static void Write(VectorAssembler code, TileShape shape, int columns, int wordOrder)
    {
        TileInputs inputs = new(shape.BlockInputs, columns);
        for (int c = 0; c < columns; c++)
        {
            Clear(code, TotalBase + c);
        }

        code.Constant(Mask, shape.IsNibbles ? 0x0F0F0F0F : unchecked((int)0x80808080));
        code.Constant(Eight, BitConverter.SingleToInt32Bits(-8f));
        code.VectorAtPlace(Opcode.Load, Order, 0, wordOrder);
        int empty = code.JumpIfZero(Blocks);
        int block = code.Position;
        code.PrefetchPage(Panel, Prefetch.PagesAhead);
        LoadWeights(code, shape, columns > 1);
        Products(code, shape, inputs);
        Finish(code, shape, inputs);
        code.AddTo(Panel, shape.BlockBytes);
        code.AddTo(Inputs, inputs.BlockBytes);
        code.LoopWhileNotZero(Blocks, block);
        code.Land(empty);
        for (int c = 0; c < columns; c++)
        {
            code.Vector(Opcode.Store, TotalBase + c, 0, Sums, c * 64);
        }

        code.Return();
    }

    private static void Clear(VectorAssembler code, int register) => code.Vector(Opcode.Xor, register, register, register);

    // A register for every four inputs, an unsigned byte each.
    private static void LoadWeights(VectorAssembler code, TileShape shape, bool ahead)
    {
        for (int at = 0; at < shape.WeightBytes; at += 64)
        {
            int to = WeightBase + (at / 64 * (shape.IsNibbles ? 2 : 1));
            if (ahead)
            {
                code.Prefetch(Panel, at + Ahead);
            }

            if (shape.IsNibbles)
            {
                code.Vector(Opcode.Load, to + 1, 0, Panel, at);
                code.Vector(Opcode.And, to, Mask, to + 1);
                code.ShiftRight(to + 1, to + 1, 4);
                code.Vector(Opcode.And, to + 1, Mask, to + 1);
            }
            else
            {
                code.Vector(Opcode.PermuteWords, to, Order, Panel, at);
                code.Vector(Opcode.Xor, to, Mask, to);
            }
        }
    }

    private static void Products(VectorAssembler code, TileShape shape, TileInputs inputs)
    {
        for (int c = 0; c < inputs.Columns; c++)
        {
            Clear(code, SumBase + c);
        }

        AddBytes(code, inputs, TileInputs.Upper);
        for (int c = 0; c < inputs.Columns; c++)
        {
            code.ShiftLeft(SumBase + c, SumBase + c, 8);
        }

        int narrow = JumpIfNarrow(code, inputs);
        AddBytes(code, inputs, inputs.Lower);
        code.Land(narrow);
        if (!shape.IsNibbles)
        {
            for (int c = 0; c < inputs.Columns; c++)
            {
                code.Vector(Opcode.Add, SumBase + c, SumBase + c, Inputs, inputs.Offset(inputs.Start, c), broadcast: true);
            }
        }
    }

    private static void AddBytes(VectorAssembler code, TileInputs inputs, int from)
    {
        for (int word = 0; word < inputs.Words; word++)
        {
            for (int c = 0; c < inputs.Columns; c++)
            {
                code.Vector(Opcode.AddByteProducts, SumBase + c, WeightBase + word, Inputs, inputs.Offset(from + word, c), broadcast: true);
            }
        }
    }

    // The lower bytes of a block are all zero unless a column says otherwise.
    private static int JumpIfNarrow(VectorAssembler code, TileInputs inputs)
    {
        code.LoadWord(Inputs, inputs.Offset(inputs.IsWide, 0));
        for (int c = 1; c < inputs.Columns; c++)
        {
            code.OrWord(Inputs, inputs.Offset(inputs.IsWide, c));
        }

        return code.JumpIfZero(General.Free);
    }

    private static void Finish(VectorAssembler code, TileShape shape, TileInputs inputs)
    {
        Opcode load = shape.HasHalfScales ? Opcode.LoadHalf : Opcode.Load;
        code.Vector(load, Factor, 0, Panel, shape.WeightBytes);
        if (shape.Minimum == MinimumForm.Stored)
        {
            code.Vector(load, Minimum, 0, Panel, shape.WeightBytes + shape.ScaleBytes);
        }
        else if (shape.Minimum == MinimumForm.Centred)
        {
            code.Vector(Opcode.Multiply, Minimum, Factor, Eight);
        }

        for (int c = 0; c < inputs.Columns; c++)
        {
            // The weights are not needed any more.
            int scale = WeightBase + (c % inputs.Words);
            code.Vector(Opcode.ToSingle, SumBase + c, 0, SumBase + c);
            code.Vector(Opcode.Multiply, scale, Factor, Inputs, inputs.Offset(inputs.Scale, c), broadcast: true);
            code.Vector(Opcode.MultiplyAdd, TotalBase + c, SumBase + c, scale);
            if (shape.Minimum != MinimumForm.None)
            {
                code.Vector(Opcode.MultiplyAdd, TotalBase + c, Minimum, Inputs, inputs.Offset(inputs.Sum, c), broadcast: true);
            }
        }
    }
}
