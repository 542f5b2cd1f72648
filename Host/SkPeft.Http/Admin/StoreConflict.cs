using SkPeft.Http.Errors;

namespace SkPeft.Http.Admin;

/// <summary>What the store refuses to an operator is no failure of the server: 409, with the store's reason.</summary>
internal static class StoreConflict
{
    public static T Do<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (StoreException e)
        {
            throw ApiException.Conflict(e.Message, e.Kind, e);
        }
    }
}
