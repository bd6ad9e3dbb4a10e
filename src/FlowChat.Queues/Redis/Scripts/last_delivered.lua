-- Answers the last entries of the front and the stream that were delivered.
return { last_delivered(front) or '0-0', last_delivered(stream) or '0-0' }
