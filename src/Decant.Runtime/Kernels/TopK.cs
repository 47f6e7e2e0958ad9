using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>
/// Computes ONNX TopK on floating-point and integer types; NaN counts as the greatest number. Results are always
/// sorted.
/// </summary>
internal static class TopK
{
    public static Tensor[] Run(Operators.TopK op, Tensor?[] inputs, KernelContext context) =>
        inputs[0]!.Type switch
        {
            ElementType.Float32 => Rows<float>(op, inputs[0]!, context),
            ElementType.Float64 => Rows<double>(op, inputs[0]!, context),
            ElementType.Float16 => Rows<Half>(op, inputs[0]!, context),
            ElementType.Int8 => Rows<sbyte>(op, inputs[0]!, context),
            ElementType.Int16 => Rows<short>(op, inputs[0]!, context),
            ElementType.Int32 => Rows<int>(op, inputs[0]!, context),
            ElementType.Int64 => Rows<long>(op, inputs[0]!, context),
            ElementType.UInt8 => Rows<byte>(op, inputs[0]!, context),
            ElementType.UInt16 => Rows<ushort>(op, inputs[0]!, context),
            ElementType.UInt32 => Rows<uint>(op, inputs[0]!, context),
            ElementType.UInt64 => Rows<ulong>(op, inputs[0]!, context),
            var type => throw new ModelException($"an input of {type}; TopK takes numeric types"),
        };

    private static Tensor[] Rows<T>(Operators.TopK op, Tensor x, KernelContext context)
        where T : unmanaged, INumber<T>
    {
        Tensor values = Tensor.Zeros(x.Type, context.Output),
            indices = Tensor.Zeros(ElementType.Int64, context.Output);
        int axis = x.Shape.Axis(op.Axis),
            extent = x.Shape[axis],
            k = context.Output[axis],
            step = (int)x.Shape.CountFrom(axis + 1);
        T[] from = x.Array<T>(),
            best = values.Array<T>();
        long[] places = indices.Array<long>();
        context.Threads.Ranges(
            k == 0 ? 0 : values.Count / k,
            Math.Max(1, (1 << 14) / Math.Max(1, extent)),
            (first, end) =>
            {
                var queue = new PriorityQueue<int, int>(k + 1, new WorstFirst<T>(from, op.Largest));
                for (int row = first; row < end; row++)
                {
                    int start = row / step * extent * step + row % step,
                        to = row / step * k * step + row % step;
                    Best(start, extent, step, k, queue);
                    for (int i = k - 1; i >= 0; i--)
                    {
                        int place = queue.Dequeue();
                        (best[to + i * step], places[to + i * step]) = (from[start + place * step], place);
                    }
                }
            }
        );
        return [values, indices];
    }

    /// <summary>Fills the queue with the k best of a row; the worst of them leads.</summary>
    private static void Best(int start, int extent, int step, int k, PriorityQueue<int, int> queue)
    {
        for (int i = 0; i < extent; i++)
        {
            if (queue.Count < k)
                queue.Enqueue(i, start + i * step);
            else
                queue.EnqueueDequeue(i, start + i * step);
        }
    }

    /// <summary>Orders indices of elements by what stands there; of equal elements, later ones are worse.</summary>
    private sealed class WorstFirst<T>(T[] from, bool largest) : IComparer<int>
        where T : INumber<T>
    {
        public int Compare(int x, int y)
        {
            T a = from[x],
                b = from[y];
            int order = T.IsNaN(a) || T.IsNaN(b) ? T.IsNaN(a).CompareTo(T.IsNaN(b)) : a.CompareTo(b);
            return order == 0 ? y.CompareTo(x)
                : largest ? order
                : -order;
        }
    }
}
